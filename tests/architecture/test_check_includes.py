#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the layers must find a violation of every kind in a tree made for it, and none in a clean one."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True

from check_includes import Layers, QtHeaders, check_tree  # noqa: E402

TABLE = json.loads((Path(__file__).resolve().parents[2] / "cmake/layers.json").read_text(encoding="utf-8"))

HEADERS = ("core/base/base.h", "core/domain/domain.h", "core/strategy/strategy.h", "core/settings/settings.h",
           "core/security/security.h", "core/api/api.h", "core/engine/engine.h", "core/exchange/exchange.h",
           "core/storage/storage.h", "core/server/server.h", "core/backtest/backtest.h", "ui/window.h",
           "app/wiring.h", "app/tradebot/window_app.h", "docs/stray.h")


class TheCheck(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for header in HEADERS:
            self.write(header, "#pragma once\n")
        for header in ("QtCore/QObject", "QtWidgets/QWidget", "QtNetwork/QTcpSocket", "QtConcurrent/QtConcurrent"):
            self.write("qt/" + header, "")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self, name, text, table=TABLE):
        self.write(name, text)
        violations, _ = check_tree(self.root, Layers(table), QtHeaders(self.root / "qt"))
        return [str(violation) for violation in violations]

    def assert_finds(self, name, text, *words):
        found = self.found(name, text)
        self.assertEqual(len(found), 1, found)
        for word in (name, *words):
            self.assertIn(word, found[0])

    def assert_clean(self, name, text):
        self.assertEqual(self.found(name, text), [])

    def test_a_lower_level_is_allowed(self):
        self.assert_clean("core/engine/x.cpp", '#include "core/engine/engine.h"\n#include "core/domain/domain.h"\n'
                          '#include "core/base/base.h"\n#include <QtCore/QObject>\n#include <vector>\n')

    def test_the_composition_root_of_the_window_may_use_all(self):
        self.assert_clean("app/tradebot/main.cpp", '#include "ui/window.h"\n#include "app/wiring.h"\n'
                          '#include "core/server/server.h"\n#include <QtWidgets/QApplication>\n')

    def test_generated_files_are_allowed(self):
        self.assert_clean("core/engine/x.cpp", '#include "x.moc"\n#include "moc_x.cpp"\n')

    def test_an_include_in_a_comment_is_none(self):
        self.assert_clean("core/base/x.h", '// #include "ui/window.h"\n/* for example\n#include "ui/window.h"\n*/\n')

    def test_upward(self):
        self.assert_finds("core/domain/x.cpp", '\n#include "core/engine/engine.h"\n', ":2:", "upward")

    def test_upward_with_odd_spacing(self):
        self.assert_finds("core/base/x.cpp", '  #  include\t"core/domain/domain.h"\n', "upward")

    def test_sideways(self):
        self.assert_finds("core/storage/x.cpp", '#include "core/server/server.h"\n', "sideways")

    def test_the_window_and_the_server_are_peers(self):
        self.assert_finds("ui/x.cpp", '#include "core/server/server.h"\n', "sideways")

    def test_lower_but_not_needed(self):
        self.assert_finds("core/storage/x.cpp", '#include "core/engine/engine.h"\n', "not in its needs")

    def test_the_program_without_a_window_does_not_include_it(self):
        self.assert_finds("app/tradebotd/x.cpp", '#include "ui/window.h"\n', "not in its needs")

    def test_an_include_that_is_not_written_from_the_root(self):
        self.assert_finds("core/engine/x.cpp", '#include "engine.h"\n', "root of the repository")
        self.assert_finds("core/engine/x.cpp", '#include "../engine/engine.h"\n', "root of the repository")

    def test_a_detour_through_dots(self):
        self.assert_finds("core/engine/x.cpp", '#include "core/engine/../../ui/window.h"\n', "root of the repository")

    def test_our_header_in_angle_brackets(self):
        self.assert_finds("core/base/x.cpp", "#include <ui/window.h>\n", "in quotes")

    def test_a_file_outside_the_layers(self):
        self.assert_finds("core/engine/x.cpp", '#include "docs/stray.h"\n', "in no folder")

    def test_a_new_folder_without_a_row(self):
        self.assert_finds("core/misc/x.cpp", "", "in no folder")

    def test_a_computed_include(self):
        self.assert_finds("core/base/x.cpp", "#include HEADER\n", "cannot be read")

    def test_http_server_outside_the_server(self):
        self.assert_finds("app/x.cpp", "#include <QtHttpServer/QHttpServer>\n", "QtHttpServer", "core/server alone")

    def test_widgets_outside_the_window(self):
        self.assert_finds("core/engine/x.cpp", "#include <QtWidgets/QWidget>\n", "QtWidgets")
        self.assert_finds("core/engine/x.cpp", "#include <QWidget>\n", "QtWidgets")

    def test_widgets_in_the_program_without_a_window(self):
        self.assert_finds("app/tradebotd/x.cpp", "#include <QtWidgets/QWidget>\n", "QtWidgets")

    def test_charts_outside_the_window(self):
        self.assert_finds("core/api/x.h", "#include <QtCharts/QChart>\n", "QtCharts")

    def test_sql_outside_the_store(self):
        self.assert_finds("ui/x.cpp", "#include <QtSql/QSqlQuery>\n", "QtSql")

    def test_network_outside_exchange_server_and_app(self):
        self.assert_finds("core/engine/x.cpp", "#include <QTcpSocket>\n", "QtNetwork")
        self.assert_finds("core/engine/x.cpp", "#include <QtWebSockets/QWebSocket>\n", "QtWebSockets")

    def test_a_module_without_a_row(self):
        self.assert_finds("core/engine/x.cpp", "#include <QtConcurrent/QtConcurrentRun>\n", "in no row")

    def test_a_table_that_contradicts_itself(self):
        table = json.loads(json.dumps(TABLE))
        table["folders"]["core/base"]["needs"] = ["core/engine"]
        found = self.found("core/base/x.cpp", "", table)
        self.assertEqual(len(found), 1, found)
        self.assertIn("only lower levels", found[0])


if __name__ == "__main__":
    unittest.main()
