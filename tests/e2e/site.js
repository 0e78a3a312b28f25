// Looks at pages with Chromium as people do: two widths, light and dark, and asks axe what keeps anybody from reading them.
//   node tests/e2e/site.js DIRECTORY [PICTURES]
// DIRECTORY holds the site (packaging/site/build.py) or a report of `plimsoll audit -f html`. Needs chromium, and from npm puppeteer-core and axe-core.
"use strict";

const fs = require("fs");
const path = require("path");
const puppeteer = require("puppeteer-core");

const [directory, pictures] = process.argv.slice(2).map((argument) => path.resolve(argument));
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WANTED = ["index.html", "install.html", "configuration.html", "outputs.html", "guides/hardening.html", "rules/index.html", "rules/missing-user.html", "rules/DL3002.html", "changes.html", "left-out.html"];

async function main() {
  const pages = WANTED.filter((name) => fs.existsSync(path.join(directory, name)));
  if (!pages.length) pages.push(...fs.readdirSync(directory).filter((name) => name.endsWith(".html")));
  const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
  let faults = 0;
  let looks = 0;
  for (const name of pages) {
    for (const width of [1280, 390]) {
      for (const scheme of ["light", "dark"]) {
        const page = await browser.newPage();
        await page.setBypassCSP(true);
        await page.setViewport({ width, height: 900 });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        page.on("pageerror", (error) => { faults += 1; console.error(`${name}: ${error.message}`); });
        await page.goto(`file://${path.join(directory, name)}`);
        const states = ["as it is"];
        if (await page.$("#search")) states.push("with results");
        for (const state of states) {
          if (state === "with results") {
            await page.type("#search", "DL3002");
            const first = await page.$eval("#results li", (item) => item.textContent).catch(() => "");
            if (!first.includes("DL3002")) { faults += 1; console.error(`${name}: the search does not know DL3002`); }
          }
          await page.addScriptTag({ path: require.resolve("axe-core/axe.min.js") });
          const { violations } = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
          looks += 1;
          for (const violation of violations) {
            faults += 1;
            console.error(`${name}, ${width} ${scheme}, ${state}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(" | ")}`);
          }
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (overflow > 0) { faults += 1; console.error(`${name}, ${width}: wider than the window by ${overflow}`); }
        if (pictures) {
          fs.mkdirSync(pictures, { recursive: true });
          await page.screenshot({ path: path.join(pictures, `${name.replace(/\W+/g, "-")}-${width}-${scheme}.png`) });
        }
        await page.close();
      }
    }
  }
  await browser.close();
  console.log(`${pages.length} pages, looked at ${looks} times: ${faults} faults`);
  process.exit(faults ? 1 : 0);
}

main();
