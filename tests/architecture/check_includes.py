#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads every #include under core/, ui/ and app/ and says which of them cross a layer.

The table of what is allowed is cmake/layers.json. Links alone would not show it: a target that links only
QtCore still compiles <QtWidgets/QWidget>, because all of Qt's headers lie in one folder.
"""

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOTS = ("core", "ui", "app")
SUFFIXES = {".h", ".hpp", ".cpp", ".cc", ".cxx", ".inc", ".ipp"}
EVERYWHERE = {"QtCore"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]*)"|<([^>\n]*)>|(\S[^\n]*))', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
GENERATED = re.compile(r"^(moc_\w+\.cpp|\w+\.moc|ui_\w+\.h)$")


@dataclass(frozen=True)
class Violation:
    where: str
    text: str

    def __str__(self):
        return f"{self.where}: {self.text}"


class Layers:
    """The table: levels, needs and Qt modules."""

    def __init__(self, table):
        self.level = {name: entry["level"] for name, entry in table["folders"].items()}
        self.needs = {name: entry["needs"] for name, entry in table["folders"].items()}
        self.qt = table["qt"]

    def problems(self):
        for name, needs in self.needs.items():
            for other in needs:
                if other not in self.level:
                    yield Violation("layers.json", f"{name} needs {other}, which is no folder of the table")
                elif self.level[other] >= self.level[name]:
                    yield Violation("layers.json", f"{name} (level {self.level[name]}) needs {other} "
                                    f"(level {self.level[other]}): only lower levels can be needed")

    def folder_of(self, path):
        fits = [name for name in self.level if path == name or path.startswith(name + "/")]
        return max(fits, key=len, default=None)

    def reach(self, folder):
        """The folders that `folder` may include: itself and all that it needs, directly or through another."""
        seen, todo = set(), [folder]
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(self.needs[name])
        return seen

    def crossing(self, folder, other):
        """Why `folder` may not include `other`, or None."""
        if other in self.reach(folder):
            return None
        mine, its = self.level[folder], self.level[other]
        if its > mine:
            kind = "upward"
        elif its == mine:
            kind = "sideways"
        else:
            kind = "not in its needs"
        return f"{folder} (level {mine}) may not include {other} (level {its}): {kind}"

    def module_crossing(self, path, module):
        """Why the file at `path` may not include a header of this Qt module, or None."""
        if module in EVERYWHERE:
            return None
        allowed = self.qt.get(module)
        if allowed is None:
            return f"{module} is in no row of cmake/layers.json"
        if any(path.startswith(folder + "/") for folder in allowed):
            return None
        return f"{module} belongs to {', '.join(allowed)} alone"


class QtHeaders:
    """Says which module a Qt header belongs to; a bare <QWidget> is looked up in the installed headers."""

    def __init__(self, folder):
        self.by_name = {}
        for module in sorted(Path(folder).glob("Qt*")) if folder else []:
            if module.is_dir():
                for header in module.iterdir():
                    self.by_name.setdefault(header.name, module.name)

    def module_of(self, include):
        head, slash, _ = include.partition("/")
        if slash:
            return head if re.fullmatch(r"Qt[A-Z]\w*", head) else None
        return self.by_name.get(include)


def includes_of(text):
    text = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield line, match.group(1), match.group(2), match.group(3)


def check_own(root, layers, folder, include):
    if GENERATED.match(include):
        return None
    if ".." in include.split("/") or not (root / include).is_file():
        return f'"{include}" is no file of ours: includes are written from the root of the repository'
    other = layers.folder_of(include)
    if other is None:
        return f'"{include}" lies in no folder of cmake/layers.json'
    return layers.crossing(folder, other)


def check_file(root, path, layers, qt):
    name = path.relative_to(root).as_posix()
    folder = layers.folder_of(name)
    if folder is None:
        yield Violation(name, "lies in no folder of cmake/layers.json")
        return
    for line, own, system, other in includes_of(path.read_text(encoding="utf-8")):
        if own is not None:
            reason = check_own(root, layers, folder, own)
        elif system is not None:
            if (root / system).is_file() and system.split("/")[0] in ROOTS:
                reason = f"<{system}> is ours: write it in quotes"
            else:
                module = qt.module_of(system)
                reason = layers.module_crossing(name, module) if module else None
        else:
            reason = f"#include {other.strip()} cannot be read: name the file"
        if reason:
            yield Violation(f"{name}:{line}", reason)


def check_tree(root, layers, qt):
    """All violations below `root`, and how many files were read."""
    found, files = list(layers.problems()), 0
    if not found:
        for top in ROOTS:
            for path in sorted((root / top).rglob("*")):
                if path.suffix in SUFFIXES and path.is_file():
                    files += 1
                    found.extend(check_file(root, path, layers, qt))
    return found, files


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--qt-headers", type=Path, help="the folder that holds QtCore/, QtWidgets/ …")
    arguments = parser.parse_args()

    table = json.loads((arguments.root / "cmake/layers.json").read_text(encoding="utf-8"))
    found, files = check_tree(arguments.root, Layers(table), QtHeaders(arguments.qt_headers))
    for violation in found:
        print(violation)
    if files == 0:
        print(f"no source file below {arguments.root}: nothing was checked")
        return 1
    print(f"{files} files read, {len(found)} includes cross a layer")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
