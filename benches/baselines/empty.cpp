// A shared library with nothing in it: what loading one costs anyway.
extern "C" int bench_empty()
{
    return 0;
}
