# Describes the header's interface as that of its version: the target `abi`.

cmake_minimum_required(VERSION 3.22)
include("${CMAKE_CURRENT_LIST_DIR}/describe.cmake")

describe("${INCLUDE}/mapispool.h" "${OUTPUT}/now.abi")
file(COPY_FILE "${OUTPUT}/now.abi" "${CMAKE_CURRENT_LIST_DIR}/mapispool-${VERSION}.abi" ONLY_IF_DIFFERENT)
