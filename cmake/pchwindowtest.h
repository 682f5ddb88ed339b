// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of the window include.
#pragma once

#include "pchwindow.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
