#include "outbox.hpp"

namespace {

char first(const void *id)
{
    return *static_cast<const char *>(id);
}

} // namespace

Outbox::Outbox(Journal &journal) : journal_(journal), phase_(BEFORE), times_released_(0) {}

MAPISTOREOPS Outbox::ops()
{
    MAPISTOREOPS ops = {};
    ops.cbSize = sizeof ops;
    ops.SetLockState = set_lock_state;
    ops.FinishedMsg = finished_msg;
    ops.Released = released;
    return ops;
}

void Outbox::add(char id, Lane address)
{
    std::lock_guard<std::mutex> lock(mutex_);
    const Mail mail = {id, address, true, false, 0, 0, BEFORE};
    mail_.push_back(mail);
    show();
}

Lane Outbox::address_of(char id) const
{
    std::lock_guard<std::mutex> lock(mutex_);
    for (const Mail &mail : mail_)
        if (mail.id == id)
            return mail.address;
    return PROGRAM;
}

void Outbox::went_out(char id)
{
    std::lock_guard<std::mutex> lock(mutex_);
    Mail *const mail = find(id);
    mail->sent_in = phase_;
    ++mail->times_out;
}

void Outbox::phase(Phase phase)
{
    std::lock_guard<std::mutex> lock(mutex_);
    if (phase > phase_)
        phase_ = phase;
}

// The spooler takes a message before a transport gets it, and gives it back if it was not sent. What has left
// the Outbox, or is somebody else's at the moment, is not to be had.
HRESULT Outbox::set_lock_state(void *self, ULONG, const void *id, ULONG state)
{
    Outbox &outbox = *static_cast<Outbox *>(self);
    std::lock_guard<std::mutex> lock(outbox.mutex_);
    Mail *const mail = outbox.find(first(id));
    if (mail == nullptr || !mail->here)
        return MAPI_E_NOT_FOUND;
    if (state == MSG_LOCKED && mail->locked)
        return MAPI_E_NO_ACCESS;
    mail->locked = state == MSG_LOCKED;
    outbox.show();
    return S_OK;
}

// The message has been sent: here it leaves the Outbox.
HRESULT Outbox::finished_msg(void *self, ULONG, ULONG, const void *id)
{
    Outbox &outbox = *static_cast<Outbox *>(self);
    std::lock_guard<std::mutex> lock(outbox.mutex_);
    Mail *const mail = outbox.find(first(id));
    mail->here = false;
    mail->locked = false;
    ++mail->times_finished;
    outbox.show();
    outbox.journal_.write(mail->address, std::string(1, mail->id) + " sent", GOOD);
    return S_OK;
}

// The last call. A store that was allocated for this logon would be freed here.
void Outbox::released(void *self, ULONG)
{
    Outbox &outbox = *static_cast<Outbox *>(self);
    std::lock_guard<std::mutex> lock(outbox.mutex_);
    ++outbox.times_released_;
    outbox.journal_.write(PROGRAM, "(the store is released)", FAINT);
}

std::string Outbox::content() const
{
    std::lock_guard<std::mutex> lock(mutex_);
    std::string ids;
    for (const Mail &mail : mail_)
        if (mail.here)
            ids += mail.id;
    return ids;
}

std::string Outbox::sent(Phase phase) const
{
    std::lock_guard<std::mutex> lock(mutex_);
    std::string ids;
    for (const Mail &mail : mail_)
        if (!mail.here && mail.sent_in == phase)
            ids += mail.id;
    return ids;
}

std::string Outbox::breaches() const
{
    std::lock_guard<std::mutex> lock(mutex_);
    std::string found;
    for (const Mail &mail : mail_) {
        const std::string id(1, mail.id);
        if (mail.times_out > 1)
            found += id + " was sent twice. ";
        if (mail.here && mail.times_out != 0)
            found += id + " was sent and is still in the Outbox. ";
        if (!mail.here && mail.times_out == 0)
            found += id + " is lost: not sent, and not in the Outbox. ";
        if (mail.times_finished != (mail.here ? 0 : 1))
            found += "FinishedMsg for " + id + " did not run just once. ";
        if (mail.locked)
            found += id + " is still locked. ";
    }
    if (times_released_ != 1)
        found += "Released did not run just once. ";
    return found;
}

Outbox::Mail *Outbox::find(char id)
{
    for (Mail &mail : mail_)
        if (mail.id == id)
            return &mail;
    return nullptr;
}

void Outbox::show()
{
    std::string view;
    for (const Mail &mail : mail_) {
        view += mail.here ? mail.id : '.';
        view += mail.locked ? '*' : ' ';
    }
    view.erase(view.find_last_not_of(' ') + 1);
    journal_.outbox_is(view);
}
