# The target `docs` makes docs/html/index.html in the build tree: the manual of both headers and what docs/api adds to
# it, which is a first page and a picture of a logoff. A warning is an error.

find_package(Doxygen OPTIONAL_COMPONENTS dot QUIET)
if(NOT TARGET Doxygen::doxygen OR NOT TARGET Doxygen::dot)
    message(STATUS "Not installed, so there is no target docs: doxygen, graphviz")
    return()
endif()

set(DOXYGEN_PROJECT_NAME "${PROJECT_NAME}")
set(DOXYGEN_PROJECT_BRIEF "${PROJECT_DESCRIPTION}")
set(DOXYGEN_STRIP_FROM_PATH include)
set(DOXYGEN_OPTIMIZE_OUTPUT_FOR_C YES)
set(DOXYGEN_TYPEDEF_HIDES_STRUCT YES)
set(DOXYGEN_WARN_AS_ERROR FAIL_ON_WARNINGS)
set(DOXYGEN_QUIET YES)

# In the order of the headers, which is the order of use.
set(DOXYGEN_SORT_MEMBER_DOCS NO)
set(DOXYGEN_SHOW_INCLUDE_FILES NO)
set(DOXYGEN_VERBATIM_HEADERS NO)

# The first sentence stands in lists too; one comment does for overloads that stand together.
set(DOXYGEN_JAVADOC_AUTOBRIEF YES)
set(DOXYGEN_DISTRIBUTE_GROUP_DOC YES)

# What a program on Linux sees.
set(DOXYGEN_MACRO_EXPANSION YES)
set(DOXYGEN_EXPAND_ONLY_PREDEF YES)
set(DOXYGEN_PREDEFINED
    MAPISPOOL_API=
    MAPISPOOL_CALL=
    MAPISPOOL_METHOD=
    MAPISPOOL_NODISCARD=
    "MAPISPOOL_RESULT(name,value)=static const HRESULT name = value"
)

# Opaque, or the headers' own means.
set(DOXYGEN_EXCLUDE_SYMBOLS
    MAPISPOOLER MAPISTORE MAPITRANSPORT MAPITRANSFER MAPISPOOL_TYPES MAPISPOOL_RESULT
    mapispool::detail MAPISPOOL_METHOD MAPISPOOL_NODISCARD
)

set(DOXYGEN_GENERATE_TREEVIEW YES)
set(DOXYGEN_TOC_INCLUDE_HEADINGS 2)
set(DOXYGEN_DOT_IMAGE_FORMAT svg)
set(DOXYGEN_DOTFILE_DIRS docs/api)
set(DOXYGEN_HTML_EXTRA_STYLESHEET docs/api/style.css)
set(DOXYGEN_HTML_TIMESTAMP NO)
set(DOXYGEN_INCLUDE_GRAPH NO)
set(DOXYGEN_CLASS_GRAPH NO)
set(DOXYGEN_COLLABORATION_GRAPH NO)
set(DOXYGEN_GROUP_GRAPHS NO)
set(DOXYGEN_DIRECTORY_GRAPH NO)

# First the C header by itself, in which each parameter and each result wants its line. A function of the C++ header
# names the C function that has them, and does not say them again.
set(DOXYGEN_WARN_NO_PARAMDOC YES)
set(DOXYGEN_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/docs/parameters")
doxygen_add_docs(docs_parameters include/mapispool.h COMMENT "Looking for each parameter in the manual")

set(DOXYGEN_WARN_NO_PARAMDOC NO)
set(DOXYGEN_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/docs")
doxygen_add_docs(docs include/mapispool.h include/mapispool.hpp docs/api COMMENT "Writing the manual")
add_dependencies(docs docs_parameters)
