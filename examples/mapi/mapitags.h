/* Property tags, for systems without the Windows SDK: those that a store's Outbox needs. See mapidefs.h. */
#ifndef MAPITAGS_H
#define MAPITAGS_H

#include "mapidefs.h"

#define PR_MESSAGE_CLASS_A              PROP_TAG( PT_STRING8,   0x001A)
#define PR_SUBJECT_A                    PROP_TAG( PT_STRING8,   0x0037)
#define PR_SENDER_EMAIL_ADDRESS_A       PROP_TAG( PT_STRING8,   0x0C1F)
#define PR_RECIPIENT_TYPE               PROP_TAG( PT_LONG,      0x0C15)
#define PR_DISPLAY_TO_A                 PROP_TAG( PT_STRING8,   0x0E04)
#define PR_MESSAGE_FLAGS                PROP_TAG( PT_LONG,      0x0E07)
#define PR_SUBMIT_FLAGS                 PROP_TAG( PT_LONG,      0x0E14)
#define PR_ENTRYID                      PROP_TAG( PT_BINARY,    0x0FFF)
#define PR_OBJECT_TYPE                  PROP_TAG( PT_LONG,      0x0FFE)
#define PR_BODY_A                       PROP_TAG( PT_STRING8,   0x1000)
#define PR_DISPLAY_NAME_A               PROP_TAG( PT_STRING8,   0x3001)
#define PR_EMAIL_ADDRESS_A              PROP_TAG( PT_STRING8,   0x3003)
#define PR_STORE_ENTRYID                PROP_TAG( PT_BINARY,    0x0FFB)

#endif
