# SPDX-License-Identifier: GPL-3.0-or-later
# Everything we link that is not ours. scripts/packages.txt names the Debian packages it comes from.

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Network Sql WebSockets HttpServer)
if(TRADEBOT_GUI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Gui Widgets Charts Svg)
endif()

find_package(tl-expected REQUIRED)   # tl::expected
find_package(nlohmann_json REQUIRED) # nlohmann_json::nlohmann_json
find_package(cpp-jwt REQUIRED)       # cpp-jwt::cpp-jwt
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium) # PkgConfig::sodium

if(TRADEBOT_TESTS)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    find_package(rapidcheck REQUIRED) # rapidcheck
    find_package(benchmark REQUIRED)  # benchmark::benchmark
endif()
