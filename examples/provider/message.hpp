// IMessage: a message in the folder, as far as it can be submitted.
#ifndef MESSAGE_HPP
#define MESSAGE_HPP

#include <memory>
#include <string>
#include <utility>

#include "com_object.hpp"
#include "mail_folder.hpp"

class Message : public UnsupportedProps<IMessage> {
public:
    Message(std::shared_ptr<MailFolder> folder, std::string name)
        : UnsupportedProps(IID_IMessage), folder_(std::move(folder)), name_(std::move(name))
    {
    }

    const std::string &name() const { return name_; }

    STDMETHODIMP SubmitMessage(ULONG) override
    {
        return folder_->submit(name_) == MailFolder::Result::DONE ? S_OK : MAPI_E_SUBMITTED;
    }

    UNSUPPORTED(GetAttachmentTable, ULONG, LPMAPITABLE *)
    UNSUPPORTED(OpenAttach, ULONG, LPCIID, ULONG, LPATTACH *)
    UNSUPPORTED(CreateAttach, LPCIID, ULONG, ULONG *, LPATTACH *)
    UNSUPPORTED(DeleteAttach, ULONG, UIParam, LPMAPIPROGRESS, ULONG)
    UNSUPPORTED(GetRecipientTable, ULONG, LPMAPITABLE *)
    UNSUPPORTED(ModifyRecipients, ULONG, LPADRLIST)
    UNSUPPORTED(SetReadFlag, ULONG)

private:
    const std::shared_ptr<MailFolder> folder_;
    const std::string name_;
};

#endif
