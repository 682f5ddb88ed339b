# SPDX-License-Identifier: GPL-3.0-or-later
# The language, the warnings and the definitions that every target of ours is built with.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Nobody links our libraries but our programs, so the compiler may call, and inline, what it sees without asking.
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_INCLUDE_CURRENT_DIR OFF)
set(CMAKE_AUTOGEN_ORIGIN_DEPENDS OFF) # moc needs nothing that other targets build

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# ccache where it is installed, unless the caller has chosen a launcher (the variable or the environment). It takes the
# dependencies that the compiler writes (CCACHE_DEPEND) instead of preprocessing each file once more.
if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(TRADEBOT_CCACHE ccache)
    mark_as_advanced(TRADEBOT_CCACHE)
    if(TRADEBOT_CCACHE)
        set(CMAKE_CXX_COMPILER_LAUNCHER
            "${CMAKE_COMMAND}" -E env CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros
            "${TRADEBOT_CCACHE}")
    endif()
endif()

# lld where it is installed links in a third of the time; what users get is linked by the system's own.
if(CMAKE_CXX_COMPILER_ID MATCHES "^(GNU|Clang)$" AND UNIX AND NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    find_program(TRADEBOT_LLD ld.lld)
    mark_as_advanced(TRADEBOT_LLD)
    if(TRADEBOT_LLD)
        add_link_options(-fuse-ld=lld)
    endif()
endif()

add_library(tradebot_flags INTERFACE)

target_compile_definitions(tradebot_flags INTERFACE
    TRADEBOT_VERSION="${PROJECT_VERSION}"
    QT_NO_CAST_FROM_ASCII
    QT_NO_CAST_TO_ASCII
    QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_URL_CAST_FROM_STRING
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_NO_CONTEXTLESS_CONNECT
    QT_NO_FOREACH
    QT_NO_KEYWORDS
    QT_NO_JAVA_STYLE_ITERATORS
    QT_NO_QEXCHANGE
    QT_STRICT_ITERATORS
    QT_DISABLE_DEPRECATED_BEFORE=0x060400)

target_compile_options(tradebot_flags INTERFACE
    -Wall -Wextra -Wpedantic
    -Wconversion -Wsign-conversion -Wold-style-cast -Wcast-align -Wcast-qual
    -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wsuggest-override
    -Wextra-semi -Wundef -Wformat=2 -Wimplicit-fallthrough -Wdouble-promotion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(tradebot_flags INTERFACE -Wduplicated-cond -Wduplicated-branches -Wlogical-op)
endif()
if(CMAKE_UNITY_BUILD)
    target_compile_options(tradebot_flags INTERFACE -Wno-shadow) # of what another file calls the same
endif()
if(TRADEBOT_WERROR)
    target_compile_options(tradebot_flags INTERFACE -Werror)
endif()

# Our asserts, Qt's and the library's are alive in every build that is not for users.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(tradebot_flags INTERFACE QT_FORCE_ASSERTS _GLIBCXX_ASSERTIONS)
endif()

if(TRADEBOT_SANITIZE)
    add_compile_options(-fsanitize=${TRADEBOT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        add_compile_options(-Wno-maybe-uninitialized) # what is instrumented hides from it that values are set
    endif()
    add_link_options(-fsanitize=${TRADEBOT_SANITIZE})
endif()
