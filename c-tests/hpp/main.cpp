// mapispool.hpp in two files of one program: the other one.
#include <mapispool.hpp>

const std::error_category &category_of_other();
ULONG sent_by_other();

int main() { return &category_of_other() == &mapispool::category() && sent_by_other() == 1 ? 0 : 1; }
