import * as fs from "node:fs";
import * as path from "node:path";

/** Where the program may be. */
export interface Places {
  /** What the settings say. */
  configured: string;
  /** The extension's own folder. */
  extension: string;
  /** The first folder of the workspace, which `${workspaceFolder}` stands for. */
  folder: string | undefined;
  platform: NodeJS.Platform;
  /** The `PATH` of the editor. */
  searched: string;
}

/**
 * The program: the one that the settings name, the one that comes with the extension, or the one in `PATH`.
 * `undefined` when there is none.
 */
export function program(places: Places): string | undefined {
  const name = places.platform === "win32" ? "plimsoll.exe" : "plimsoll";
  if (places.configured !== "") {
    const named = places.configured.replace("${workspaceFolder}", places.folder ?? "");
    return path.isAbsolute(named) || places.folder === undefined ? named : path.join(places.folder, named);
  }
  const bundled = path.join(places.extension, "bundled", name);
  if (isFile(bundled)) {
    return bundled;
  }
  const directories = places.searched.split(path.delimiter).filter((directory) => directory !== "");
  return directories.map((directory) => path.join(directory, name)).find(isFile);
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
