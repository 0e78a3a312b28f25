// What stands beside the editor: the findings, the effective project, the containers, a rule.
import { drawnDifference, el, inline, markdown } from "./draw.js";

const WORST_FIRST = ["critical", "high", "medium", "low", "style"];

/** How many findings are drawn. */
const MOST = 300;

export class Panels {
  #report;
  #shown = "findings";
  #asked = 0;

  constructor($, page) {
    this.$ = $;
    this.page = page;
    for (const name of ["findings", "project", "containers", "rule"]) $(`view-${name}`).onclick = () => this.#view(name);
    this.name = this.name.bind(this);
    $("rule").replaceChildren(this.#asking(""), el("p", {}, "Choose the name of a rule among the findings, or type one, or what another linter calls it."));
  }

  /** What a finding's rule is called: here, or elsewhere where that is asked for. */
  name(finding) {
    const others = finding.aliases.filter((alias) => !/^CWE|^OWASP/i.test(alias));
    return this.page.usesAliases() && others.length ? others.join(", ") : finding.rule;
  }

  show(report) {
    if (!report) return;
    this.#report = report;
    this.#findings();
    this.moved();
  }

  /** Another file is shown, or another report. */
  moved() {
    if (this.#shown === "project") this.#project();
    if (this.#shown === "containers") this.#containers();
  }

  #view(name) {
    this.#shown = name;
    for (const other of ["findings", "project", "containers", "rule"]) {
      this.$(other).hidden = other !== name;
      this.$(`view-${other}`).setAttribute("aria-selected", String(other === name));
      this.$(`view-${other}`).tabIndex = other === name ? 0 : -1;
    }
    this.moved();
  }

  #findings() {
    const report = this.#report;
    const findings = [...report.findings].sort((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity));
    const counts = WORST_FIRST.map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length]).filter(([, count]) => count);
    const summary = findings.length ? counts.map(([severity, count]) => `${count} ${severity}`).join(", ") : `Nothing found in ${report.sources.length} files`;
    const isFixable = findings.some(({ fixes }) => fixes.some((fix) => fix.applicability === "safe" && fix.edits.length));
    const fixed = el("div", { id: "fix-all-preview" });
    const fixAll = el("button", { type: "button", id: "fix-all", disabled: !isFixable, onclick: () => this.#fixAll(fixed) }, "Fix all that is safe");
    const faults = [
      ...report.failures.map((it) => `An error of ours in ${it.during}${it.file && `, at ${it.file}`}: ${it.message}. It was left out.`),
      ...report.errors,
      ...report.unreadable.filter((it) => it.message !== "not read").map((it) => `${it.file}: ${it.message}`),
      ...report.unreadable.filter((it) => it.message === "not read").map((it) => `${it.file}: its text is not here`),
    ];
    const told = [...report.notes, ...report.skipped].map((it) => `${it.file}: ${it.message}`);
    const open = this.$("findings").querySelector("details[open]")?.dataset.key;
    const items = findings.slice(0, MOST).map((finding) => this.#finding(finding));
    const focused = this.$("findings").contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
    this.$("findings").replaceChildren(
      el("div", { class: "bar" }, el("div", { role: "status" }, el("h2", { id: "summary" }, summary)), fixAll),
      fixed,
      faults.length ? el("ul", { class: "faults" }, faults.map((fault) => el("li", {}, fault))) : "",
      el("ol", { class: "found", "aria-labelledby": "summary" }, items),
      findings.length > MOST ? el("p", {}, `And ${findings.length - MOST} more.`) : "",
      report.accepted.length || report.baselined.length ? el("p", { class: "small" }, `${report.accepted.length + report.baselined.length} accepted.`) : "",
      told.length ? el("details", {}, el("summary", {}, `${told.length} remarks`), el("ul", {}, told.slice(0, MOST).map((remark) => el("li", {}, remark)))) : "",
    );
    if (open) this.$("findings").querySelector(`details[data-key="${CSS.escape(open)}"]`)?.setAttribute("open", "");
    if (focused) this.$("findings").querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  }

  #finding(finding) {
    const where = `${finding.file}:${finding.range.start.line + 1}`;
    const key = finding.fingerprint;
    const rule = el("button", { type: "button", class: "plain rule", "data-focus": `rule-${key}`, onclick: () => this.explain(finding.rule) }, this.name(finding));
    const go = el("button", { type: "button", class: "plain where", "data-focus": `go-${key}`, onclick: () => this.page.go(finding.file, finding.range) }, where);
    const labels = finding.labels.slice(0, 6).map((label) =>
      el("li", {}, el("button", { type: "button", class: "plain where", onclick: () => this.page.go(label.file, label.range) }, `${label.file}:${label.range.start.line + 1}`), " ", inline(label.message)),
    );
    const fixes = finding.fixes.map((fix, number) => this.#fix(finding, fix, number));
    return el(
      "li",
      { "data-rule": finding.rule },
      el("p", {}, el("span", { class: `severity ${finding.severity}` }, finding.severity), " ", go, " ", rule),
      el("p", {}, finding.service && `${finding.service}: `, inline(finding.message)),
      finding.help && el("p", { class: "help" }, inline(finding.help)),
      labels.length > 0 && el("ul", { class: "labels" }, labels),
      fixes,
      finding.suppressible && this.#accept(finding),
    );
  }

  /** A fix, whose difference is shown before it can be applied. */
  #fix(finding, fix, number) {
    const trust = { safe: "safe", unsafe: "may change what the container does", display: "for reading" }[fix.applicability];
    const body = el("div");
    const details = el("details", { class: "fix", "data-key": `${finding.fingerprint}-${number}` }, el("summary", {}, `${fix.title} (${trust})`), body);
    details.addEventListener("toggle", async () => {
      if (!details.open || body.childElementCount) return;
      if (!fix.edits.length) {
        body.append(el("p", { class: "small" }, "There is no one way to write this: it is for you to do."));
        return;
      }
      try {
        const changes = await this.page.ask("fixed", { file: finding.file, fingerprint: finding.fingerprint }, number);
        const apply = el("button", { type: "button", class: "strong apply", onclick: () => this.page.apply(changes) }, "Apply");
        body.replaceChildren(...changes.map(drawnDifference), fix.applicability === "display" ? "" : apply);
      } catch (error) {
        body.replaceChildren(el("p", {}, error.message));
      }
    });
    return details;
  }

  #accept(finding) {
    const reason = el("input", { "aria-label": "Why it is accepted", placeholder: "Why it is accepted", autocomplete: "off", required: true });
    const form = el("form", { class: "accept" }, reason, el("button", {}, "Add the comment"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const change = await this.page.ask("accept", { file: finding.file, fingerprint: finding.fingerprint }, reason.value);
        this.page.apply([change]);
      } catch (error) {
        this.page.say([error.message]);
      }
    });
    return el("details", { class: "accepting", "data-key": `accept-${finding.fingerprint}` }, el("summary", {}, "Accept it with a comment"), form);
  }

  /** Opens a fix of a finding in the list. */
  preview(finding, number) {
    this.#view("findings");
    const details = this.$("findings").querySelector(`details[data-key="${CSS.escape(`${finding.fingerprint}-${number}`)}"]`);
    if (!details) return;
    details.open = true;
    details.scrollIntoView({ block: "center" });
    details.querySelector("summary").focus();
  }

  async #fixAll(place) {
    try {
      const changes = await this.page.ask("fixAll", {});
      if (!changes.length) {
        place.replaceChildren(el("p", {}, "Nothing is left that could be fixed without a look at it."));
        return;
      }
      const apply = el("button", { type: "button", class: "strong", id: "fix-all-apply", onclick: () => this.page.apply(changes) }, "Apply all");
      place.replaceChildren(...changes.map(drawnDifference), apply);
      apply.focus();
    } catch (error) {
      place.replaceChildren(el("p", {}, error.message));
    }
  }

  /** Draws what comes of a question, unless another was asked meanwhile. */
  async #draw(id, question, draw) {
    const number = (this.#asked += 1);
    let drawn;
    try {
      drawn = draw(await question);
    } catch (error) {
      drawn = [el("p", {}, error.message)];
    }
    if (number === this.#asked) this.$(id).replaceChildren(...drawn);
  }

  #project() {
    const path = this.page.current();
    this.#draw("project", path === undefined ? null : this.page.ask("effectiveProject", path), (effective) => {
      if (!effective) return [el("p", {}, `${path ?? "Nothing"} is part of no Compose project.`)];
      const words = effective.refused ? "Compose refuses this project:" : "What Compose makes of all its files. A comment says where a value is from that the first file does not hold.";
      return [el("p", {}, words), el("pre", { tabindex: "0" }, el("code", {}, effective.text))];
    });
  }

  #containers() {
    const path = this.page.current();
    this.#draw("containers", path === undefined ? null : this.page.ask("facts", path), (facts) => {
      const containers = facts?.containers ?? [];
      if (!containers.length) return [el("p", {}, `${path ?? "Nothing"} starts no container.`)];
      return containers.map((it) => {
        const go = el("button", { type: "button", class: "plain where", onclick: () => this.page.go(it.file, it.range) }, `${it.file}:${it.range.start.line + 1}`);
        const description = it.description ? markdown(it.description, 4) : [el("p", {}, el("strong", {}, it.name), ` ${it.runsAs}`)];
        return el("div", { class: "container" }, description, go);
      });
    });
  }

  /** Shows the page of a rule, or of what another linter calls one. */
  explain(name) {
    this.#view("rule");
    const form = this.#asking(name);
    this.#draw("rule", this.page.ask("explain", name), ({ rules, leftOut }) => {
      if (leftOut) return [form, el("p", {}, `No rule here: ${leftOut.check}. ${leftOut.why}`)];
      if (!rules.length) return [form, el("p", {}, `No rule and no other linter's check is called ${name}.`)];
      return [form, ...rules.flatMap((rule) => markdown(rule.markdown, 2))];
    });
  }

  #asking(name) {
    const input = el("input", { "aria-label": "A rule, or what another linter calls it", autocomplete: "off", spellcheck: "false" });
    input.value = name;
    const form = el("form", { class: "accept" }, input, el("button", {}, "Explain"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.explain(input.value);
    });
    return form;
  }
}
