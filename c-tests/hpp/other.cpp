#include <mapispool.hpp>

const std::error_category &category_of_other();
ULONG sent_by_other();

const std::error_category &category_of_other() { return mapispool::category(); }

ULONG sent_by_other() {
    mapispool::Options options("two units");
    options.ulFlags = MAPISPOOL_LOCAL | MAPISPOOL_MANUAL;
    mapispool::Spooler spooler = mapispool::Spooler::Open(options).or_throw();
    spooler.AddTransport("t", [](const mapispool::Message &) { return S_OK; }).or_throw();
    mapispool::Store store = spooler.OpenStore("s").or_throw();
    store.SubmitMessage("m").or_throw();
    store.StoreLogoffTransports(mapispool::Logoff::Purge).or_throw();
    return store.GetStatus()->cFinished;
}
