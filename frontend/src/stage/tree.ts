export interface Folder<File extends { path: string }> {
  /** With a slash at the end; the root's is empty. */
  path: string;
  name: string;
  folders: Folder<File>[];
  files: File[];
}

/** Files in their folders, each level by name. */
export function treeOf<File extends { path: string }>(files: File[]): Folder<File> {
  const root: Folder<File> = { path: "", name: "", folders: [], files: [] };
  for (const file of [...files].sort((a, b) => a.path.localeCompare(b.path))) {
    const names = file.path.split("/").slice(0, -1);
    names.reduce(enter, root).files.push(file);
  }
  return root;
}

function enter<File extends { path: string }>(folder: Folder<File>, name: string): Folder<File> {
  const known = folder.folders.find((other) => other.name === name);
  if (known) return known;
  const made: Folder<File> = { path: `${folder.path}${name}/`, name, folders: [], files: [] };
  folder.folders.push(made);
  return made;
}
