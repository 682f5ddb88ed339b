// SPDX-License-Identifier: GPL-3.0-or-later
// What tests include beside the rest.
#pragma once

#include "pch.h"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
