# Takes a program out of README: what stands in its cpp block of this number, from 1 on, as it stands there.
#
#   cmake -DREADME=README.md -DNUMBER=1 -DOUTPUT=program.cpp -P readme_program.cmake

cmake_minimum_required(VERSION 3.22)

file(READ "${README}" text)
set(begin "\n```cpp\n")
string(LENGTH "${begin}" skipped)
foreach(block RANGE 1 ${NUMBER})
    string(FIND "${text}" "${begin}" start)
    if(start EQUAL -1)
        message(FATAL_ERROR "${README} has no cpp block ${block}")
    endif()
    math(EXPR start "${start} + ${skipped}")
    string(SUBSTRING "${text}" ${start} -1 text)
endforeach()
string(FIND "${text}" "\n```\n" end)
math(EXPR end "${end} + 1")
string(SUBSTRING "${text}" 0 ${end} program)

# Only what has changed is compiled again.
set(known "")
if(EXISTS "${OUTPUT}")
    file(READ "${OUTPUT}" known)
endif()
if(NOT known STREQUAL program)
    file(WRITE "${OUTPUT}" "${program}")
endif()
