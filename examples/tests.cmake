# Each example says with its exit status whether it saw what the library promises.

function(mapispool_example_test name program)
    if(COMMAND mapispool_run)
        mapispool_run(example_${name} example 60 "$<TARGET_FILE:mapispool_${program}>" ${ARGN})
    else()
        add_test(NAME example_${name} COMMAND mapispool_${program} ${ARGN})
    endif()
endfunction()

mapispool_example_test(mailer mailer anna@example.org ben@example.org cleo@example.org)
# What cannot be sent stays: exit status 75, and these words.
mapispool_example_test(mailer_offline mailer --offline anna@example.org)
set_tests_properties(example_mailer_offline PROPERTIES PASS_REGULAR_EXPRESSION "anna@example.org: stays in the Outbox")

mapispool_example_test(desktop_send desktop send)
# Only the cancel ends this purge, and only ABORT what it leaves: nothing may be sent.
mapispool_example_test(desktop_cancel desktop --stuck send cancel leave)
set_tests_properties(example_desktop_cancel PROPERTIES FAIL_REGULAR_EXPRESSION "[1-9] sent")
mapispool_example_test(desktop_leave desktop leave)
mapispool_example_test(desktop_back desktop back send)

mapispool_example_test(migration migration)
# Fifty times what the deadline allows.
mapispool_example_test(migration_late migration 500 1 100)
set_tests_properties(example_migration_late PROPERTIES
    PASS_REGULAR_EXPRESSION "still sending at the deadline.* 0 mailboxes still logged on"
)

mapispool_example_test(coupled_purge coupled PURGE)
mapispool_example_test(coupled_abort coupled ABORT)
if(TARGET mapispool_m4l)
    mapispool_example_test(m4l m4l)
endif()
