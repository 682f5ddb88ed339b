# SPDX-License-Identifier: GPL-3.0-or-later
# How our targets are made: libraries that know their level, programs, and tests.
#
#   tradebot_add_library(engine LEVEL 3 SOURCES a.cpp a.h … DEPENDS strategy api LINK Qt6::Core)
#   tradebot_add_executable(tradebotd SOURCES main.cpp … DEPENDS engine storage server LINK Qt6::Core)
#   tradebot_add_test_library(support SOURCES … DEPENDS … LINK …)          tests/support
#   tradebot_add_test(tst_decimal DEPENDS base)                            tst_decimal.cpp, Qt Test

file(READ "${CMAKE_SOURCE_DIR}/cmake/layers.json" TRADEBOT_LAYERS)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/cmake/layers.json")

# Adds a folder that has a CMakeLists.txt.
function(tradebot_add_folder folder)
    if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt")
        add_subdirectory(${folder})
    endif()
endfunction()

# The folder of cmake/layers.json that a target made in the current directory belongs to, and its level.
function(_tradebot_layer out_folder out_level)
    file(RELATIVE_PATH path "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
    while(path)
        string(JSON level ERROR_VARIABLE missing GET "${TRADEBOT_LAYERS}" folders "${path}" level)
        if(NOT missing)
            set(${out_folder} "${path}" PARENT_SCOPE)
            set(${out_level} "${level}" PARENT_SCOPE)
            return()
        endif()
        cmake_path(GET path PARENT_PATH path)
    endwhile()
    message(FATAL_ERROR "${CMAKE_CURRENT_SOURCE_DIR} is in no folder of cmake/layers.json")
endfunction()

# Links what is ours: each name must be a target that exists and lies strictly lower than `level`, or in the
# same folder.
function(_tradebot_link_own target level depends)
    get_target_property(folder ${target} TRADEBOT_FOLDER)
    foreach(name IN LISTS depends)
        if(NOT TARGET tradebot_${name})
            message(FATAL_ERROR "${target} depends on ${name}, but there is no target tradebot_${name} yet")
        endif()
        get_target_property(other tradebot_${name} TRADEBOT_LEVEL)
        get_target_property(other_folder tradebot_${name} TRADEBOT_FOLDER)
        if(NOT other LESS level AND NOT (folder AND folder STREQUAL other_folder))
            message(FATAL_ERROR "layer crossed: ${target} (level ${level}) may not depend on "
                "${name} (level ${other}); a folder depends only on lower levels")
        endif()
        target_link_libraries(${target} PUBLIC tradebot_${name})
    endforeach()
endfunction()

# Precompiled headers are made once for each kind of target and shared by all of that kind: what a library, a library
# with widgets, a program, a test and a test of widgets all include. (Libraries are -fPIC and programs -fPIE, so one set
# does not fit both.)
function(_tradebot_make_precompiled kind type header)
    set(target tradebot_pch_${kind})
    if(type STREQUAL "library")
        file(WRITE "${CMAKE_BINARY_DIR}/pch/${kind}.cpp" "")
        add_library(${target} OBJECT EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/pch/${kind}.cpp")
    else()
        file(WRITE "${CMAKE_BINARY_DIR}/pch/${kind}.cpp" "int main() {}\n")
        add_executable(${target} EXCLUDE_FROM_ALL "${CMAKE_BINARY_DIR}/pch/${kind}.cpp")
    endif()
    target_link_libraries(${target} PRIVATE tradebot_flags Qt6::Core tl::expected ${ARGN})
    target_precompile_headers(${target} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/${header}")
endfunction()

# Qt6::Test defines the folders of each test, and a precompiled header would know one only. They serve QFINDTESTDATA;
# our tests have TRADEBOT_SOURCE_DIR.
add_library(tradebot_test_flags INTERFACE)
target_compile_options(tradebot_test_flags INTERFACE -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR)
# Later the macros QTRY_… make an int of a number of milliseconds, in the file that uses them. It is linked after
# tradebot_flags, so this is said after -Wconversion.
if(Qt6_VERSION VERSION_GREATER_EQUAL 6.5)
    target_compile_options(tradebot_test_flags INTERFACE -Wno-conversion)
endif()

# Test programs are compiled once and run once: instrumented, an optimiser takes longer than it saves them.
add_library(tradebot_test_program_flags INTERFACE)
set(TRADEBOT_SANITIZED 0) # for tests that have to know
if(TRADEBOT_SANITIZE)
    set(TRADEBOT_SANITIZED 1)
    target_compile_options(tradebot_test_program_flags INTERFACE -O0)
endif()

if(TRADEBOT_PCH)
    _tradebot_make_precompiled(library library pch.h)
    _tradebot_make_precompiled(program program pch.h)
    if(TRADEBOT_GUI)
        _tradebot_make_precompiled(window library pchwindow.h Qt6::Widgets)
    endif()
    if(TRADEBOT_TESTS)
        _tradebot_make_precompiled(test program pchtest.h Qt6::Network Qt6::Test)
        target_link_libraries(tradebot_pch_test PRIVATE tradebot_test_flags tradebot_test_program_flags)
        if(TRADEBOT_GUI)
            _tradebot_make_precompiled(windowtest program pchwindowtest.h Qt6::Widgets Qt6::Network Qt6::Test)
            target_link_libraries(tradebot_pch_windowtest PRIVATE tradebot_test_flags tradebot_test_program_flags)
        endif()
    endif()
endif()

function(_tradebot_precompile target kind)
    if(TRADEBOT_PCH)
        target_precompile_headers(${target} REUSE_FROM tradebot_pch_${kind})
    endif()
endfunction()

function(_tradebot_common target precompiled)
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE tradebot_flags PUBLIC Qt6::Core tl::expected)
    _tradebot_precompile(${target} ${precompiled})
    get_target_property(type ${target} TYPE)
    if(TRADEBOT_SANITIZE STREQUAL "thread" AND type STREQUAL "EXECUTABLE")
        target_link_libraries(${target} PRIVATE tradebot_tsan_support)
    endif()
endfunction()

if(TRADEBOT_SANITIZE STREQUAL "thread")
    add_library(tradebot_tsan_support OBJECT
        "${CMAKE_SOURCE_DIR}/tests/tsan/clone.cpp" "${CMAKE_SOURCE_DIR}/tests/tsan/qtevents.cpp")
    target_link_libraries(tradebot_tsan_support PRIVATE tradebot_flags Qt6::Core ${CMAKE_DL_LIBS})
    target_compile_options(tradebot_tsan_support PRIVATE -fno-sanitize=thread)
    set_target_properties(tradebot_tsan_support PROPERTIES CXX_VISIBILITY_PRESET default) # they stand in for others
endif()

# A static library of one folder, with the alias TradeBot::<name>.
function(tradebot_add_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "LEVEL" "SOURCES;DEPENDS;LINK")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES OR NOT DEFINED arg_LEVEL)
        message(FATAL_ERROR "tradebot_add_library(${name}): wants LEVEL and SOURCES; does not know '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    _tradebot_layer(folder level)
    if(NOT arg_LEVEL EQUAL level)
        message(FATAL_ERROR "${name}: LEVEL ${arg_LEVEL}, but cmake/layers.json puts ${folder} on level ${level}")
    endif()

    set(target tradebot_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    add_library(TradeBot::${name} ALIAS ${target})
    set_target_properties(${target} PROPERTIES TRADEBOT_LEVEL ${level} TRADEBOT_FOLDER ${folder})
    if("Qt6::Widgets" IN_LIST arg_LINK)
        _tradebot_common(${target} window)
    else()
        _tradebot_common(${target} library)
    endif()
    _tradebot_link_own(${target} ${level} "${arg_DEPENDS}")
    target_link_libraries(${target} PUBLIC ${arg_LINK})
endfunction()

# A program; it is put into bin/ of the build folder.
function(tradebot_add_executable name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LINK")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "tradebot_add_executable(${name}): wants SOURCES; does not know '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    _tradebot_layer(folder level)
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES TRADEBOT_LEVEL ${level} TRADEBOT_FOLDER ${folder}
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
    _tradebot_common(${name} program)
    _tradebot_link_own(${name} ${level} "${arg_DEPENDS}")
    target_link_libraries(${name} PRIVATE ${arg_LINK})
endfunction()

set(TRADEBOT_TEST_LEVEL 100) # tests see every level

# What tests see beyond the code under test.
function(_tradebot_test_common target precompiled)
    _tradebot_common(${target} ${precompiled})
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
    target_link_libraries(${target} PRIVATE tradebot_test_flags)
    if(NOT precompiled STREQUAL "library")
        target_link_libraries(${target} PRIVATE tradebot_test_program_flags)
    endif()
    target_compile_definitions(${target} PRIVATE
        TRADEBOT_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
        TRADEBOT_BIN_DIR="${CMAKE_BINARY_DIR}/bin"
        TRADEBOT_SHARED_DIR="${TRADEBOT_SHARED_DIR}"
        TRADEBOT_SANITIZED=${TRADEBOT_SANITIZED})
endfunction()

# Helpers for tests; level 99, so that every test may use them and they may use all of our code, and each other.
function(tradebot_add_test_library name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LINK")
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
        message(FATAL_ERROR "tradebot_add_test_library(${name}): wants SOURCES; does not know '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    set(target tradebot_${name})
    add_library(${target} STATIC ${arg_SOURCES})
    set_target_properties(${target} PROPERTIES TRADEBOT_LEVEL 99 TRADEBOT_FOLDER tests)
    _tradebot_test_common(${target} library)
    # Nearly empty; to read a precompiled header for that takes half a second.
    set_source_files_properties("${CMAKE_CURRENT_BINARY_DIR}/${target}_autogen/mocs_compilation.cpp"
        PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    _tradebot_link_own(${target} 99 "${arg_DEPENDS}")
    target_link_libraries(${target} PUBLIC ${arg_LINK})
endfunction()

# Makes `target` part of what `ninja tests-<area>` builds.
function(_tradebot_add_to_area target area)
    if(NOT TARGET tests-${area})
        add_custom_target(tests-${area})
    endif()
    add_dependencies(tests-${area} ${target})
endfunction()

# A Qt Test program <name>.cpp (plus SOURCES). Its labels for ctest are where it lies, tests/<rung>/<area>, and
# `ninja tests-<rung> tests-<area>` builds all of one.
#   LEVELDIR  the rung, when the folder does not say it
#   PROGRAMS  programs of ours that it starts; they are built first and lie in TRADEBOT_BIN_DIR
#   DISPLAY   it needs an X server: scripts/test gives it Xvfb; otherwise Qt's offscreen platform is used
#   SERIAL    nothing else may run at the same time
# A test that depends on ui is left out where the window is not built.
function(tradebot_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "DISPLAY;SERIAL" "LEVELDIR;TIMEOUT"
        "SOURCES;DEPENDS;LINK;PROGRAMS;ENVIRONMENT;LABELS;ARGUMENTS")
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "tradebot_add_test(${name}): does not know '${arg_UNPARSED_ARGUMENTS}'")
    endif()
    if(NOT TRADEBOT_GUI AND ("ui" IN_LIST arg_DEPENDS OR "tradebot" IN_LIST arg_PROGRAMS))
        return()
    endif()
    file(RELATIVE_PATH path "${CMAKE_SOURCE_DIR}/tests" "${CMAKE_CURRENT_SOURCE_DIR}")
    string(REPLACE "/" ";" labels "${path}")
    if(arg_LEVELDIR)
        list(PREPEND labels ${arg_LEVELDIR})
    endif()
    list(APPEND labels ${arg_LABELS})
    list(REMOVE_DUPLICATES labels)
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()

    # A test includes its own .moc; AUTOMOC would start cmake for each, to find that out.
    set(moc "${CMAKE_CURRENT_BINARY_DIR}/moc/${name}.moc")
    add_custom_command(OUTPUT "${moc}"
        COMMAND Qt6::moc -o "${moc}" "${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp"
        DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp" Qt6::moc
        COMMENT "moc of ${name}" VERBATIM)
    add_executable(${name} ${name}.cpp ${arg_SOURCES} "${moc}")
    target_include_directories(${name} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/moc")
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    if("ui" IN_LIST arg_DEPENDS OR "Qt6::Widgets" IN_LIST arg_LINK)
        _tradebot_test_common(${name} windowtest)
    else()
        _tradebot_test_common(${name} test)
    endif()
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    if(TARGET tradebot_support AND NOT "support" IN_LIST arg_DEPENDS)
        list(APPEND arg_DEPENDS support)
    endif()
    _tradebot_link_own(${name} ${TRADEBOT_TEST_LEVEL} "${arg_DEPENDS}")
    # Qt Test's headers look whether QtNetwork is linked, so for the precompiled ones it always is.
    target_link_libraries(${name} PRIVATE Qt6::Test Qt6::Network ${arg_LINK})
    if(arg_PROGRAMS)
        add_dependencies(${name} ${arg_PROGRAMS})
    endif()
    foreach(label IN LISTS labels)
        _tradebot_add_to_area(${name} ${label})
    endforeach()

    if("bench" IN_LIST labels AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
        return() # built, so that it does not rot; its figures count in a release build only: scripts/bench
    endif()
    add_test(NAME ${name} COMMAND ${name} ${arg_ARGUMENTS})
    tradebot_test_properties(${name} LABELS ${labels} TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT ${arg_ENVIRONMENT})
    set_tests_properties(${name} PROPERTIES RUN_SERIAL "${arg_SERIAL}")
    if(arg_DISPLAY)
        set_property(TEST ${name} APPEND PROPERTY LABELS display)
    else()
        set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT QT_QPA_PLATFORM=offscreen)
    endif()
endfunction()

# The surroundings that every test gets: no file of the user's, no proxy, one language.
function(tradebot_test_properties name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "LABELS;ENVIRONMENT")
    if(TRADEBOT_SANITIZE) # instrumented code is that much slower
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
    endif()
    set(home "${CMAKE_BINARY_DIR}/tests/home/${name}")
    file(MAKE_DIRECTORY "${home}/run")
    file(CHMOD "${home}/run" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
    set_tests_properties(${name} PROPERTIES
        LABELS "${arg_LABELS}"
        TIMEOUT ${arg_TIMEOUT}
        SKIP_REGULAR_EXPRESSION "^SKIPPED: "
        ENVIRONMENT "HOME=${home};XDG_DATA_HOME=${home}/data;XDG_CONFIG_HOME=${home}/config;XDG_CACHE_HOME=${home}/cache;XDG_RUNTIME_DIR=${home}/run;LC_ALL=C.UTF-8;TZ=UTC;no_proxy=*;${arg_ENVIRONMENT}")
endfunction()
