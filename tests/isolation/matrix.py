"""The access matrix: each route, each profile, what it answers. A new route without a row fails.

200 a page · 302 sent elsewhere (to sign in, or back after an act) · 403 seen but not allowed · 404 not visible ·
405 the wrong method · 410 a letter that is gone · 422 a form to correct (so: allowed).

A route may have several rows, one per method and per object. `args` names objects of the world (`world.py`).
"""

from dataclasses import dataclass

# Who asks, on a commune's host. A colleague, a stranger (guardian) and another head belong to another school.
COMMUNE = """
route                        method args            visitor guardian pupil teacher head colleague stranger town far_head
home                         GET    -               302     200      200   200     200  200       200      200  200
pupil_class                  GET    -               302     404      200   404     404  404       404      404  404
pupil_holidays               GET    -               302     404      200   404     404  404       404      404  404
pupil_help                   GET    -               302     404      200   404     404  404       404      404  404
accounts:sign_in             GET    -               200     302      302   302     302  302       302      302  302
accounts:sign_out            GET    -               302     405      405   405     405  405       405      405  405
accounts:sign_out            POST   -               302     302      302   302     302  302       302      302  302
accounts:sign_out_everywhere GET    -               302     405      405   405     405  405       405      405  405
accounts:sign_out_everywhere POST   -               302     302      302   302     302  302       302      302  302
accounts:activate            GET    -               200     200      200   200     200  200       200      200  200
accounts:choose_password     GET    -               302     302      302   302     302  302       302      302  302
accounts:account             GET    -               302     200      200   200     200  200       200      200  200
accounts:verify              GET    -               302     302      302   302     302  302       302      302  302
accounts:enrol               GET    -               302     200      302   200     200  200       200      200  200
accounts:change_password     GET    -               302     200      200   200     200  200       200      200  200
accounts:change_address      GET    -               302     200      200   200     200  200       200      200  200
accounts:recovery_codes      POST   -               302     302      302   302     302  302       302      302  302
accounts:recovery_codes      GET    -               302     405      405   405     405  405       405      405  405
accounts:recover             GET    -               302     302      302   302     302  302       302      302  302
accounts:devices             GET    -               302     200      200   200     200  200       200      200  200
accounts:sign_out_device     POST   device          302     302      404   404     404  404       404      404  404
accounts:sign_out_device     GET    device          302     405      405   405     405  405       405      405  405
accounts:remove_factor       POST   device          302     404      404   404     404  404       404      404  404
accounts:remove_factor       GET    device          302     405      405   405     405  405       405      405  405
accounts:charter             GET    -               302     200      200   200     200  200       200      200  200
accounts:charter             POST   -               302     422      422   422     422  422       422      422  422
accounts:confirm_address     GET    -               410     410      410   410     410  410       410      410  410
accounts:confirm_address     POST   -               410     410      410   410     410  410       410      410  410
accounts:revert_address      GET    -               410     410      410   410     410  410       410      410  410
accounts:revert_address      POST   -               410     410      410   410     410  410       410      410  410
accounts:reset_password      GET    -               410     410      410   410     410  410       410      410  410
accounts:reset_password      POST   -               410     410      410   410     410  410       410      410  410
accounts:forgotten           GET    -               200     200      200   200     200  200       200      200  200
accounts:forgotten_identifier GET   -               200     200      200   200     200  200       200      200  200
accounts:forgotten_password  GET    -               200     200      200   200     200  200       200      200  200
accounts:forgotten_identifier POST  -               422     422      422   422     422  422       422      422  422
accounts:forgotten_password  POST   -               422     422      422   422     422  422       422      422  422
accounts:verify_passkey      POST   -               302     422      422   422     422  422       422      422  422
accounts:verify_passkey      GET    -               302     405      405   405     405  405       405      405  405
accounts:add_passkey         GET    -               302     200      302   200     200  200       200      200  200
accounts:add_passkey         POST   -               302     422      302   422     422  422       422      422  422
liaison:notes                GET    -               302     200      200   200     200  200       200      200  200
liaison:write                GET    -               302     403      403   200     200  200       403      403  200
liaison:note                 GET    note            302     200      404   302     302  404       404      404  404
liaison:note                 GET    draft           302     404      404   302     404  404       404      404  404
liaison:sign                 POST   note,slot       302     422      404   403     403  404       404      404  404
liaison:sign                 POST   note,other_slot 302     403      404   403     403  404       404      404  404
liaison:sign                 GET    note,slot       302     405      405   405     405  405       405      405  405
liaison:signed               GET    note,slot       302     302      404   302     302  404       404      404  404
liaison:change               GET    draft           302     404      404   200     404  404       404      404  404
liaison:change               GET    note            302     403      404   403     403  404       404      404  404
liaison:publish              GET    draft           302     404      404   200     404  404       404      404  404
liaison:publish              POST   draft           302     404      404   302     404  404       404      404  404
liaison:publish              POST   note            302     403      404   403     403  404       404      404  404
liaison:delete               POST   draft           302     404      404   302     404  404       404      404  404
liaison:delete               POST   note            302     403      404   403     403  404       404      404  404
liaison:delete               GET    draft           302     405      405   405     405  405       405      405  405
liaison:follow               GET    note            302     403      404   200     200  404       404      404  404
liaison:remind               POST   note            302     403      404   302     302  404       404      404  404
liaison:remind               GET    note            302     405      405   405     405  405       405      405  405
liaison:paper                POST   note,child      302     403      404   302     302  404       404      404  404
liaison:paper                GET    note,child      302     405      405   405     405  405       405      405  405
liaison:coupons              GET    note            302     403      404   200     200  404       404      404  404
liaison:archive              POST   note            302     403      404   302     302  404       404      404  404
liaison:archive              GET    note            302     405      405   405     405  405       405      405  405
attendance:board             GET    -               302     403      403   302     200  302       403      403  200
attendance:worker            GET    -               302     200      200   200     200  200       200      200  200
attendance:call              GET    class,day,half  302     404      404   200     200  404       404      404  404
attendance:call              GET    next_class,day,half 302 404      404   404     200  404       404      404  404
attendance:call              POST   class,day,half  302     404      404   422     422  404       404      404  404
attendance:call              POST   next_class,day,half 302 404      404   404     422  404       404      404  404
attendance:register          GET    class,month     302     404      404   200     200  404       404      404  404
attendance:register          GET    next_class,month 302    404      404   404     200  404       404      404  404
attendance:register_pdf      GET    class,month     302     404      404   200     200  404       404      404  404
attendance:register_pdf      GET    next_class,month 302    404      404   404     200  404       404      404  404
attendance:register_ods      GET    class,month     302     404      404   200     200  404       404      404  404
attendance:register_ods      GET    next_class,month 302    404      404   404     200  404       404      404  404
attendance:judge             POST   mark            302     403      404   403     302  404       404      404  404
attendance:judge             POST   mate_mark       302     404      404   403     302  404       404      404  404
attendance:judge             POST   next_mark       302     404      404   404     302  404       404      404  404
attendance:judge             GET    mark            302     405      405   405     405  405       405      405  405
attendance:signalled         GET    -               302     403      403   403     200  403       403      403  200
attendance:signalling        GET    child,month     302     404      404   404     200  404       404      404  404
attendance:signalling        GET    classmate,month 302     404      404   404     404  404       404      404  404
attendance:signalling        GET    next_child,month 302    404      404   404     404  404       404      404  404
attendance:absences          GET    -               302     200      403   403     403  403       200      403  403
attendance:declare           GET    -               302     200      403   403     403  403       200      403  403
attendance:declare           POST   -               302     422      403   403     403  403       422      403  403
attendance:withdraw          POST   announced       302     302      404   403     403  404       404      404  404
attendance:withdraw          POST   mate_announced  302     404      404   403     403  404       404      404  404
attendance:withdraw          POST   next_announced  302     404      404   404     403  404       404      404  404
attendance:withdraw          GET    announced       302     405      405   405     405  405       405      405  405
attendance:announcements     GET    -               302     403      403   200     200  200       403      403  200
attendance:handle            POST   announced       302     403      404   302     302  404       404      404  404
attendance:handle            POST   mate_announced  302     404      404   302     302  404       404      404  404
attendance:handle            POST   next_announced  302     404      404   404     302  404       404      404  404
attendance:handle            GET    announced       302     405      405   405     405  405       405      405  405
equipment:inventory          GET    -               302     403      403   200     200  200       403      200  200
equipment:inventory_csv      GET    -               302     403      403   200     200  200       403      200  200
equipment:count              GET    school          302     404      404   403     200  404       404      200  404
equipment:count              POST   school          302     404      404   403     302  404       404      302  404
attendance:head_count        GET    -               302     403      403   403     200  403       403      200  200
agenda:agenda                GET    -               302     200      200   200     200  200       200      200  200
agenda:print                 GET    -               302     200      200   200     200  200       200      200  200
agenda:write                 GET    -               302     403      403   200     200  200       403      200  200
agenda:write                 POST   -               302     403      403   422     422  422       403      422  422
agenda:link                  GET    -               302     200      200   200     200  200       200      200  200
agenda:link                  POST   -               302     200      200   200     200  200       200      200  200
agenda:feed                  GET    agenda_token    200     200      200   200     200  200       200      200  200
agenda:event                 GET    event           302     200      200   200     200  404       404      404  404
agenda:event                 GET    next_event      302     404      404   404     200  404       404      404  404
agenda:event                 GET    school_event    302     200      200   200     200  404       404      200  404
agenda:event                 GET    town_event      302     200      200   200     200  200       200      200  200
agenda:change                GET    event           302     403      403   200     200  404       404      404  404
agenda:change                GET    next_event      302     404      404   404     200  404       404      404  404
agenda:change                GET    school_event    302     403      403   403     200  404       404      403  404
agenda:change                GET    town_event      302     403      403   403     403  403       403      200  403
agenda:change                POST   event           302     403      403   422     422  404       404      404  404
agenda:change                POST   next_event      302     404      404   404     422  404       404      404  404
agenda:change                POST   school_event    302     403      403   403     422  404       404      403  404
agenda:change                POST   town_event      302     403      403   403     403  403       403      422  403
agenda:remove                POST   event           302     403      403   302     302  404       404      404  404
agenda:remove                POST   next_event      302     404      404   404     302  404       404      404  404
agenda:remove                POST   school_event    302     403      403   403     302  404       404      403  404
agenda:remove                POST   town_event      302     403      403   403     403  403       403      302  403
agenda:remove                GET    event           302     405      405   405     405  405       405      405  405
agenda:timetable             GET    class           302     200      200   200     200  404       404      404  404
agenda:timetable             GET    next_class      302     404      404   404     200  404       404      404  404
agenda:timetable             POST   class           302     403      403   422     422  404       404      404  404
agenda:timetable             POST   next_class      302     404      404   404     422  404       404      404  404
agenda:remove_lesson         POST   lesson          302     403      403   302     302  404       404      404  404
agenda:remove_lesson         POST   next_lesson     302     404      404   404     302  404       404      404  404
agenda:remove_lesson         GET    lesson          302     405      405   405     405  405       405      405  405
agenda:appointments          GET    -               302     200      403   200     200  200       200      403  200
agenda:open_slots            GET    -               302     403      403   200     200  200       403      403  200
agenda:open_slots            POST   -               302     403      403   422     422  422       403      403  422
agenda:book                  POST   -               302     302      403   403     403  403       302      403  403
agenda:book                  GET    -               302     405      405   405     405  405       405      405  405
agenda:cancel                GET    booking         302     200      404   200     404  404       404      404  404
agenda:cancel                GET    mate_booking    302     404      404   200     404  404       404      404  404
agenda:cancel                POST   booking         302     302      404   302     404  404       404      404  404
agenda:cancel                POST   mate_booking    302     404      404   302     404  404       404      404  404
agenda:close_slot            POST   meeting         302     403      404   302     404  404       404      404  404
agenda:close_slot            POST   next_meeting    302     404      404   404     302  404       404      404  404
agenda:close_slot            GET    meeting         302     405      405   405     405  405       405      405  405
api:events-list              GET    -               401     200      200   200     200  200       200      200  200
api:events-detail            GET    event           401     200      200   200     200  404       404      404  404
api:events-detail            GET    next_event      401     404      404   404     200  404       404      404  404
people:school                GET    -               302     403      403   403     200  403       403      200  200
people:staff                 GET    school          302     403      403   403     200  404       404      403  404
people:staff                 POST   school          302     403      403   403     422  404       404      403  404
people:sheets                GET    school          302     403      403   403     200  404       404      403  404
people:sheets_file           POST   school          302     403      403   403     200  404       404      403  404
people:sheets_file           GET    school          302     405      405   405     405  405       405      405  405
people:send_codes            POST   school          302     403      403   403     302  404       404      403  404
people:send_codes            GET    school          302     405      405   405     405  405       405      405  405
people:revoke_lot            GET    school,lot      302     403      403   403     200  404       404      403  404
people:revoke_lot            POST   school,lot      302     403      403   403     302  404       404      403  404
people:end_assignment        POST   assignment      302     403      403   403     302  404       404      403  404
people:end_assignment        GET    assignment      302     405      405   405     405  405       405      405  405
people:my_classes            GET    -               302     200      200   302     200  302       200      200  200
people:class                 GET    class           302     404      404   200     200  404       404      200  404
people:pupil                 GET    child           302     404      404   200     200  404       404      404  404
people:guardianship          GET    link            302     403      404   403     200  404       404      404  404
people:guardianship          POST   link            302     403      404   403     422  404       404      404  404
people:end_guardianship      POST   link            302     403      404   403     302  404       404      404  404
people:end_guardianship      GET    link            302     405      405   405     405  405       405      405  405
people:code                  GET    adult           302     403      404   200     200  404       404      404  404
people:code                  POST   adult           302     403      404   302     302  404       404      404  404
people:person_sheet          POST   adult           302     403      404   302     302  404       404      404  404
people:person_sheet          GET    adult           302     405      405   405     405  405       405      405  405
people:duplicates            GET    -               302     403      403   403     200  403       403      403  200
people:pair                  GET    twin,twin2      302     404      404   404     200  404       404      404  404
people:merge                 POST   twin,twin2      302     404      404   404     302  404       404      404  404
people:merge                 GET    twin,twin2      302     405      405   405     405  405       405      405  405
people:keep_apart            POST   twin,twin2      302     404      404   404     302  404       404      404  404
people:keep_apart            GET    twin,twin2      302     405      405   405     405  405       405      405  405
people:unmerge               POST   merged          302     404      404   404     302  404       404      404  404
people:unmerge               GET    merged          302     405      405   405     405  405       405      405  405
people:profiles              GET    -               302     200      200   200     200  200       200      200  200
people:profiles              POST   -               302     302      302   302     302  302       302      302  302
search                       GET    -               302     403      403   200     200  200       403      200  200
people:families              GET    school          302     403      403   403     200  404       404      403  404
people:add_class             GET    school          302     403      403   403     200  404       404      403  404
people:add_class             POST   school          302     403      403   403     422  404       404      403  404
people:week                  GET    school          302     403      403   403     200  404       404      403  404
people:week                  POST   school          302     403      403   403     422  404       404      403  404
people:add_pupil             GET    school          302     403      403   403     200  404       404      403  404
people:add_pupil             POST   school          302     403      403   403     422  404       404      403  404
people:departures            GET    school          302     403      403   403     200  404       404      403  404
people:undo_departure        POST   school,departed 302     403      403   403     302  404       404      403  404
people:undo_departure        GET    school,departed 302     405      405   405     405  405       405      405  405
people:undo_end              POST   school,ended    302     403      403   403     302  404       404      403  404
people:rename_class          POST   next_class      302     404      404   404     422  404       404      403  404
people:edit_pupil            GET    classmate       302     404      404   403     200  404       404      404  404
people:edit_pupil            POST   classmate       302     404      404   403     422  404       404      404  404
people:edit_pupil            POST   next_child      302     404      404   404     422  404       404      404  404
people:move_pupil            GET    classmate       302     404      404   403     200  404       404      404  404
people:move_pupil            GET    next_child      302     404      404   404     200  404       404      404  404
people:move_pupil            POST   classmate       302     404      404   403     422  404       404      404  404
people:move_pupil            POST   next_child      302     404      404   404     422  404       404      404  404
people:leave_school          POST   classmate       302     404      404   403     302  404       404      404  404
people:add_guardian          GET    classmate       302     404      404   403     200  404       404      404  404
people:add_guardian          GET    next_child      302     404      404   404     200  404       404      404  404
people:add_guardian          POST   classmate       302     404      404   403     422  404       404      404  404
people:add_guardian          POST   next_child      302     404      404   404     422  404       404      404  404
people:add_pickup            POST   classmate       302     404      404   403     422  404       404      403  404
people:add_pickup            POST   next_child      302     404      404   404     422  404       404      403  404
people:child                 GET    next_child      302     404      404   404     404  404       404      404  404
people:guardian              GET    mate_adult      302     404      404   200     200  404       404      404  404
people:guardian              GET    next_adult      302     404      404   404     200  404       404      404  404
people:edit_guardian         GET    mate_adult      302     404      404   403     200  404       404      404  404
people:edit_guardian         GET    next_adult      302     404      404   404     200  404       404      404  404
people:edit_guardian         POST   mate_adult      302     404      404   403     302  404       404      404  404
people:edit_guardian         POST   next_adult      302     404      404   404     302  404       404      404  404
people:view_as               POST   mate_adult      302     404      404   403     302  404       404      404  404
people:view_as               POST   next_adult      302     404      404   404     302  404       404      404  404
people:undo_end              GET    school,ended    302     405      405   405     405  405       405      405  405
people:rename_class          GET    class           302     404      404   403     200  404       404      403  404
people:rename_class          POST   class           302     404      404   403     422  404       404      403  404
people:rename_class          GET    next_class      302     404      404   404     200  404       404      403  404
people:class                 GET    next_class      302     404      404   404     200  404       404      200  404
people:class_list            GET    class           302     404      404   200     200  404       404      403  404
people:class_list            GET    next_class      302     404      404   404     200  404       404      403  404
people:gate                  GET    class           302     404      404   200     200  404       404      403  404
people:gate                  GET    next_class      302     404      404   404     200  404       404      403  404
people:pupil                 GET    classmate       302     404      404   200     200  404       404      404  404
people:pupil                 GET    next_child 302     404      404   404     200  404       404      404  404
people:edit_pupil            GET    child           302     404      404   403     200  404       404      404  404
people:edit_pupil            POST   child           302     404      404   403     422  404       404      404  404
people:edit_pupil            GET    next_child 302     404      404   404     200  404       404      404  404
people:move_pupil            GET    child           302     404      404   403     200  404       404      404  404
people:move_pupil            POST   child           302     404      404   403     422  404       404      404  404
people:leave_school          POST   child           302     404      404   403     302  404       404      404  404
people:leave_school          POST   next_child 302     404      404   404     302  404       404      404  404
people:leave_school          GET    child           302     405      405   405     405  405       405      405  405
people:add_guardian          GET    child           302     404      404   403     200  404       404      404  404
people:add_guardian          POST   child           302     404      404   403     422  404       404      404  404
people:add_pickup            GET    child           302     200      403   403     200  404       404      403  404
people:add_pickup            POST   child           302     422      403   403     422  404       404      403  404
people:add_pickup            GET    classmate       302     404      404   403     200  404       404      403  404
people:add_pickup            GET    next_child 302     404      404   404     200  404       404      403  404
people:end_pickup            POST   pickup          302     302      404   403     302  404       404      404  404
people:end_pickup            GET    pickup          302     405      405   405     405  405       405      405  405
people:undo_guardianship     POST   ended_link      302     404      404   403     302  404       404      404  404
people:undo_guardianship     GET    ended_link      302     405      405   405     405  405       405      405  405
people:guardian              GET    adult           302     404      404   200     200  404       404      404  404
people:edit_guardian         GET    adult           302     404      404   403     200  404       404      404  404
people:edit_guardian         POST   adult           302     404      404   403     302  404       404      404  404
people:view_as               POST   adult           302     404      404   403     302  404       404      404  404
people:view_as               GET    adult           302     405      405   405     405  405       405      405  405
people:leave_view_as         POST   -               302     302      302   302     302  302       302      302  302
people:leave_view_as         GET    -               302     405      405   405     405  405       405      405  405
people:end_assignment        POST   agent           302     404      404   403     403  404       404      302  404
people:code                  GET    agent_person    302     404      404   403     403  404       404      200  404
people:agents                GET    -               302     403      403   403     403  403       403      200  403
people:agents                POST   -               302     403      403   403     403  403       403      422  403
people:numbers               GET    -               302     403      403   403     403  403       403      200  403
people:my_profile            GET    -               302     200      200   200     200  200       200      200  200
people:my_profile            POST   -               302     302      403   302     302  302       302      302  302
people:my_children           GET    -               302     200      200   200     200  200       200      200  200
people:child                 GET    child           302     200      404   404     404  404       404      404  404
people:child                 GET    classmate       302     404      404   404     404  404       404      404  404
people:my_data               GET    -               302     200      200   200     200  200       200      200  200
people:my_data               POST   -               302     302      302   302     302  302       302      302  302
imports:imports              GET    -               302     403      403   403     200  403       403      200  200
imports:template             GET    form            302     403      403   403     403  403       403      200  403
imports:review               GET    plan            302     404      404   404     200  404       404      404  404
imports:review               GET    town_plan       302     404      404   404     404  404       404      200  404
imports:apply                POST   town_plan       302     404      404   404     404  404       404      302  404
imports:cancel               POST   town_plan       302     404      404   404     404  404       404      302  404
imports:report               GET    town_plan       302     404      404   404     404  404       404      200  404
imports:report_file          GET    town_plan       302     404      404   404     404  404       404      200  404
imports:decide               POST   plan,line       302     404      404   404     302  404       404      404  404
imports:decide               GET    plan,line       302     405      405   405     405  405       405      405  405
imports:apply                POST   plan            302     404      404   404     302  404       404      404  404
imports:apply                GET    plan            302     405      405   405     405  405       405      405  405
imports:cancel               POST   plan            302     404      404   404     302  404       404      404  404
imports:cancel               GET    plan            302     405      405   405     405  405       405      405  405
pupil_access:door            GET    -               200     200      200   200     200  200       200      200  200
pupil_access:door            POST   -               200     200      200   200     200  200       200      200  200
pupil_access:board_code      GET    board           302     302      302   302     302  302       302      302  302
pupil_access:card            GET    card            200     200      200   200     200  200       200      200  200
pupil_access:card            POST   card            302     302      302   302     302  302       302      302  302
pupil_access:faces           GET    -               302     302      302   302     302  302       302      302  302
pupil_access:pictures        GET    -               302     302      302   302     302  302       302      302  302
pupil_access:pictures        POST   -               302     302      302   302     302  302       302      302  302
pupil_access:forgotten       POST   -               302     302      302   302     302  302       302      302  302
pupil_access:forgotten       GET    -               405     405      405   405     405  405       405      405  405
pupil_access:finish          POST   -               302     302      302   302     302  302       302      302  302
pupil_access:finish          GET    -               405     405      405   405     405  405       405      405  405
pupil_access:classes         GET    -               302     403      403   302     200  302       403      403  302
pupil_access:class           GET    class           302     403      403   200     200  404       404      403  404
pupil_access:class           GET    next_class      302     404      404   404     200  404       404      403  404
pupil_access:open            POST   class           302     403      403   302     302  404       404      403  404
pupil_access:open            POST   next_class      302     404      404   404     302  404       404      403  404
pupil_access:open            GET    class           302     405      405   405     405  405       405      405  405
pupil_access:close           POST   class           302     403      403   302     302  404       404      403  404
pupil_access:close           POST   next_class      302     404      404   404     302  404       404      403  404
pupil_access:close           GET    class           302     405      405   405     405  405       405      405  405
pupil_access:board           GET    class           302     403      403   200     200  404       404      403  404
pupil_access:board           GET    next_class      302     404      404   404     302  404       404      403  404
pupil_access:choose_way      POST   class           302     403      403   302     302  404       404      403  404
pupil_access:choose_way      POST   next_class      302     404      404   404     302  404       404      403  404
pupil_access:choose_way      GET    class           302     405      405   405     405  405       405      405  405
pupil_access:renew_class     POST   class           302     403      403   302     302  404       404      403  404
pupil_access:renew_class     POST   next_class      302     404      404   404     302  404       404      403  404
pupil_access:renew_class     GET    class           302     405      405   405     405  405       405      405  405
pupil_access:print_class     POST   class           302     403      403   200     200  404       404      403  404
pupil_access:print_class     POST   next_class      302     404      404   404     200  404       404      403  404
pupil_access:print_class     GET    class           302     405      405   405     405  405       405      405  405
pupil_access:pupil           GET    child           302     403      403   200     200  404       404      403  404
pupil_access:pupil           GET    classmate       302     404      404   200     200  404       404      403  404
pupil_access:pupil           GET    next_child      302     404      404   404     200  404       404      403  404
pupil_access:pupil           POST   child           302     403      403   200     200  404       404      403  404
pupil_access:pupil           POST   classmate       302     404      404   200     200  404       404      403  404
pupil_access:pupil           POST   next_child      302     404      404   404     200  404       404      403  404
pupil_access:answer_help     POST   child           302     403      403   302     302  404       404      403  404
pupil_access:answer_help     POST   classmate       302     404      404   302     302  404       404      403  404
pupil_access:answer_help     POST   next_child      302     404      404   404     302  404       404      403  404
pupil_access:answer_help     GET    child           302     405      405   405     405  405       405      405  405
pupil_access:renew_pupil     POST   child           302     403      403   302     302  404       404      403  404
pupil_access:renew_pupil     POST   classmate       302     404      404   302     302  404       404      403  404
pupil_access:renew_pupil     POST   next_child      302     404      404   404     302  404       404      403  404
pupil_access:renew_pupil     GET    child           302     405      405   405     405  405       405      405  405
pupil_access:print_pupil     POST   child           302     403      403   200     200  404       404      403  404
pupil_access:print_pupil     POST   classmate       302     404      404   200     200  404       404      403  404
pupil_access:print_pupil     POST   next_child      302     404      404   404     200  404       404      403  404
pupil_access:print_pupil     GET    child           302     405      405   405     405  405       405      405  405
year_change:index            GET    -               302     403      403   200     302  200       403      403  200
year_change:index            POST   -               302     403      403   403     403  403       403      403  403
year_change:board            GET    next_year       302     404      404   404     200  404       404      404  404
year_change:move             POST   next_year       302     404      404   404     302  404       404      404  404
year_change:move             GET    next_year       302     405      405   405     405  405       405      405  405
year_change:undo             POST   next_year       302     404      404   404     302  404       404      404  404
year_change:undo             GET    next_year       302     405      405   405     405  405       405      405  405
year_change:complete         POST   next_year       302     404      404   404     302  404       404      404  404
year_change:complete         GET    next_year       302     405      405   405     405  405       405      405  405
year_change:share            POST   next_year       302     404      404   404     302  404       404      404  404
year_change:share            GET    next_year       302     405      405   405     405  405       405      405  405
year_change:publish          GET    next_year       302     404      404   404     200  404       404      404  404
year_change:publish          POST   next_year       302     404      404   404     422  404       404      404  404
year_change:unpublish        POST   next_year       302     404      404   404     302  404       404      404  404
year_change:unpublish        GET    next_year       302     405      405   405     405  405       405      405  405
year_change:print            GET    next_year       302     404      404   404     200  404       404      404  404
year_change:add_class        GET    next_year       302     404      404   404     200  404       404      404  404
year_change:add_class        POST   next_year       302     404      404   404     422  404       404      404  404
year_change:change_class     GET    next_year,room  302     404      404   404     200  404       404      404  404
year_change:change_class     POST   next_year,room  302     404      404   404     422  404       404      404  404
year_change:remove_class     POST   next_year,room  302     404      404   404     302  404       404      404  404
year_change:remove_class     GET    next_year,room  302     405      405   405     405  405       405      405  405
year_change:classes          GET    -               302     200      200   404     404  404       200      404  404
departures:leaving           GET    -               302     200      200   200     200  200       200      200  200
departures:ask               POST   kid             302     302      302   404     404  404       404      404  404
departures:ask               POST   adult           302     403      404   404     404  404       404      404  404
departures:ask               POST   mate_adult      302     404      404   404     404  404       404      404  404
departures:ask               POST   next_adult      302     404      404   404     404  404       404      404  404
departures:ask               GET    kid             302     405      405   405     405  405       405      405  405
departures:download          GET    archive         302     302      404   404     404  404       404      404  404
departures:departures        GET    -               302     403      403   403     200  403       403      200  200
people:guardianship          GET    mate_link       302     404      404   403     200  404       404      404  404
people:guardianship          GET    next_link       302     404      404   404     200  404       404      404  404
people:guardianship          POST   mate_link       302     404      404   403     422  404       404      404  404
people:guardianship          POST   next_link       302     404      404   404     422  404       404      404  404
people:end_guardianship      POST   mate_link       302     404      404   403     302  404       404      404  404
people:end_guardianship      POST   next_link       302     404      404   404     302  404       404      404  404
departures:ask               POST   mate_kid        302     404      404   404     404  404       404      404  404
departures:ask               POST   next_kid        302     404      404   404     404  404       404      404  404
people:code                  GET    mate_adult      302     404      404   200     200  404       404      404  404
people:code                  GET    next_adult      302     404      404   404     200  404       404      404  404
people:code                  POST   mate_adult      302     404      404   302     302  404       404      404  404
people:code                  POST   next_adult      302     404      404   404     302  404       404      404  404
people:person_sheet          POST   mate_adult      302     404      404   302     302  404       404      404  404
people:person_sheet          POST   next_adult      302     404      404   404     302  404       404      404  404
people:end_assignment        POST   next_assignment 302     404      404   403     302  404       404      403  404
liaison:note                 GET    next_note       302     404      404   404     302  404       404      404  404
liaison:sign                 POST   next_note,slot  302     404      404   404     403  404       404      404  404
liaison:sign                 POST   next_note,other_slot 302 404     404   404     403  404       404      404  404
liaison:sign                 POST   next_note,next_slot 302 404      404   404     403  404       404      404  404
liaison:signed               GET    next_note,slot  302     404      404   404     302  404       404      404  404
liaison:change               GET    next_note       302     404      404   404     403  404       404      404  404
liaison:publish              POST   next_note       302     404      404   404     403  404       404      404  404
liaison:delete               POST   next_note       302     404      404   404     403  404       404      404  404
liaison:follow               GET    next_note       302     404      404   404     200  404       404      404  404
liaison:remind               POST   next_note       302     404      404   404     302  404       404      404  404
liaison:paper                POST   note,classmate  302     404      404   302     302  404       404      404  404
liaison:paper                POST   note,next_child 302     404      404   404     302  404       404      404  404
liaison:paper                POST   next_note,child 302     404      404   404     302  404       404      404  404
liaison:paper                POST   next_note,classmate 302 404      404   404     302  404       404      404  404
liaison:paper                POST   next_note,next_child 302 404     404   404     302  404       404      404  404
liaison:coupons              GET    next_note       302     404      404   404     200  404       404      404  404
liaison:archive              POST   next_note       302     404      404   404     302  404       404      404  404
api_tokens:list              GET    -               302     200      403   200     200  200       200      200  200
api_tokens:make              POST   -               302     403      403   403     403  403       403      403  403
api_tokens:make              GET    -               302     405      405   405     405  405       405      405  405
api_tokens:revoke            POST   token           302     302      404   404     404  404       404      404  404
api_tokens:revoke            GET    token           302     405      405   405     405  405       405      405  405
api:guide                    GET    -               302     200      200   200     200  200       200      200  200
api:document                 GET    -               401     200      200   200     200  200       200      200  200
api:me                       GET    -               401     200      200   200     200  200       200      200  200
api:schools-list             GET    -               401     200      200   200     200  200       200      200  200
api:schools-detail           GET    school          401     200      200   200     200  404       404      200  404
api:years-list               GET    -               401     200      200   200     200  200       200      200  200
api:years-detail             GET    year            401     200      200   200     200  200       200      200  200
api:classes-list             GET    -               401     200      200   200     200  200       200      200  200
api:classes-detail           GET    class           401     200      200   200     200  404       404      200  404
api:classes-detail           GET    next_class      401     404      404   404     200  404       404      200  404
api:pupils-list              GET    -               401     200      200   200     200  200       200      200  200
api:pupils-detail            GET    child           401     200      200   200     200  404       404      200  404
api:pupils-detail            GET    classmate       401     404      404   200     200  404       404      200  404
api:pupils-detail            GET    next_child      401     404      404   404     200  404       404      200  404
api:guardians-list           GET    -               401     200      200   200     200  200       200      200  200
api:guardians-detail         GET    link            401     200      404   200     200  404       404      404  404
api:guardians-detail         GET    mate_link       401     404      404   200     200  404       404      404  404
api:guardians-detail         GET    next_link       401     404      404   404     200  404       404      404  404
api:guardians-detail         PATCH  link            401     403      404   403     200  404       404      404  404
api:guardians-detail         PATCH  mate_link       401     404      404   403     200  404       404      404  404
api:guardians-detail         PATCH  next_link       401     404      404   404     200  404       404      404  404
api:enrollments-list         GET    -               401     200      200   200     200  200       200      200  200
api:enrollments-detail       GET    place           401     200      200   200     200  404       404      200  404
api:enrollments-detail       GET    mate_place      401     404      404   200     200  404       404      200  404
api:enrollments-detail       GET    next_place      401     404      404   404     200  404       404      200  404
api:staff-list               GET    -               401     200      200   200     200  200       200      200  200
api:staff-detail             GET    assignment      401     200      200   200     200  404       404      200  404
api:staff-detail             GET    next_assignment 401     404      404   200     200  404       404      200  404
api:staff-end                POST   assignment      401     403      403   403     200  404       404      403  404
api:staff-end                POST   next_assignment 401     404      404   403     200  404       404      403  404
rights:schools               GET    -               302     403      403   302     302  302       403      403  302
rights:why                   GET    -               302     403      403   200     200  200       403      403  200
rights:matrix                GET    school          302     403      403   200     200  404       404      403  404
rights:sender                GET    school,party    302     403      403   200     200  404       404      403  404
rights:sender                POST   school,party    302     403      403   403     422  404       404      403  404
rights:restore               POST   school          302     403      403   403     302  404       404      403  404
rights:restore               GET    school          302     405      405   405     405  405       405      405  405
rights:undo                  POST   school,entry    302     403      403   403     302  404       404      403  404
rights:undo                  GET    school,entry    302     405      405   405     405  405       405      405  405
imports:progress             GET    plan            302     404      404   404     302  404       404      404  404
imports:report               GET    plan            302     404      404   404     200  404       404      404  404
imports:report_file          GET    plan            302     404      404   404     200  404       404      404  404
imports:mark_departures      POST   plan            302     404      404   404     302  404       404      404  404
imports:mark_departures      GET    plan            302     405      405   405     405  405       405      405  405
imports:departures           GET    -               302     403      403   403     200  403       403      403  200
imports:undo_departure       POST   gone            302     404      404   404     302  404       404      404  404
imports:undo_departure       GET    gone            302     405      405   405     405  405       405      405  405
files:open                   GET    file            302     302      404   302     302  404       404      404  404
files:open                   POST   file            302     405      405   405     405  405       405      405  405
notifications:list           GET    -               302     200      200   200     200  200       200      200  200
notifications:open           GET    notice          302     302      404   404     404  404       404      404  404
notifications:read_all       POST   -               302     302      302   302     302  302       302      302  302
links:links                  GET    -               302     200      403   403     403  403       200      403  403
links:links                  POST   -               302     422      403   403     403  403       422      403  403
links:proposed               GET    proposal        302     200      404   404     404  404       404      404  404
links:revoke                 POST   account_link    302     302      404   404     404  404       404      404  404
links:revoke                 GET    account_link    302     405      405   405     405  405       405      405  405
links:agree                  GET    -               302     410      403   403     403  403       410      403  403
links:agree                  POST   -               302     410      403   403     403  403       410      403  403
links:confirm                GET    -               302     410      403   403     403  403       410      403  403
links:confirm                POST   -               302     410      403   403     403  403       410      403  403
links:finish                 GET    -               302     410      403   403     403  403       410      403  403
links:children               POST   -               410     410      410   410     410  410       410      410  410
links:children               GET    -               405     405      405   405     405  405       405      405  405
links:posted                 GET    -               302     403      403   403     200  403       403      403  200
links:release                POST   posted          302     404      404   404     302  404       404      404  404
links:release                GET    posted          302     405      405   405     405  405       405      405  405
links:place                  POST   posted          302     404      404   404     302  404       404      404  404
links:place                  GET    posted          302     405      405   405     405  405       405      405  405
links:schools                GET    -               302     403      403   403     403  403       403      403  403
links:start                  GET    -               404     404      404   404     404  404       404      404  404
links:towards                GET    -               302     410      410   410     410  410       410      410  410
links:arrive                 GET    -               410     410      410   410     410  410       410      410  410
trainees:offers              GET    -               302     403      403   200     200  200       403      403  200
trainees:offer               GET    training_session 302    403      403   200     200  200       403      403  200
trainees:ics                 GET    training_session 302    403      403   200     200  200       403      403  200
trainees:register            POST   training_session 302    403      403   302     302  302       403      403  302
trainees:register            GET    training_session 302    405      405   405     405  405       405      405  405
trainees:withdraw            POST   registration    302     404      404   302     404  404       404      404  404
trainees:withdraw            GET    registration    302     405      405   405     405  405       405      405  405
trainees:rate                GET    registration    302     404      404   403     404  404       404      404  404
trainees:rate                GET    followed        302     404      404   200     404  404       404      404  404
trainees:rate                POST   followed        302     404      404   422     404  404       404      404  404
trainees:certificate         GET    followed        302     404      404   200     404  404       404      404  404
trainees:certificate         GET    registration    302     404      404   404     404  404       404      404  404
maintenance_news:news        GET    -               302     200      404   200     200  200       200      200  200
usage:usage                  GET    -               302     403      403   403     200  403       403      200  200
usage:usage_csv              GET    -               302     403      403   403     200  403       403      200  200
help                         GET    -               302     200      302   200     200  200       200      200  200
support:ask                  GET    -               302     200      403   200     200  200       200      200  200
support:ask                  POST   -               302     422      403   422     422  422       422      422  422
support:desk                 GET    -               302     403      403   200     200  200       403      200  200
support:problem              GET    -               302     404      200   404     404  404       404      404  404
support:problem              POST   -               302     404      422   404     404  404       404      404  404
support:ticket               GET    ticket          302     200      404   404     200  404       404      404  404
support:ticket               GET    problem         302     404      200   200     404  404       404      404  404
support:write                POST   ticket          302     422      404   404     422  404       404      404  404
support:write                GET    ticket          302     405      405   405     405  405       405      405  405
support:escalate             GET    ticket          302     403      404   404     200  404       404      404  404
support:escalate             POST   ticket          302     403      404   404     302  404       404      404  404
support:escalate             POST   problem         302     404      403   403     404  404       404      404  404
support:share                POST   ticket          302     302      404   404     302  404       404      404  404
support:share                GET    ticket          302     405      405   405     405  405       405      405  405
support:solve                POST   ticket          302     302      404   404     302  404       404      404  404
support:solve                POST   problem         302     404      302   302     404  404       404      404  404
support:solve                GET    ticket          302     405      405   405     405  405       405      405  405
support:reopen               POST   ticket          302     403      404   404     403  404       404      404  404
support:reopen               GET    ticket          302     405      405   405     405  405       405      405  405
support:rate                 POST   ticket          302     422      404   404     403  404       404      404  404
support:rate                 GET    ticket          302     405      405   405     405  405       405      405  405
support:accesses             GET    -               302     403      403   403     200  403       403      200  200
support:grant                POST   access          302     404      404   404     302  404       404      404  404
support:grant                POST   town_access     302     404      404   404     404  404       404      302  404
support:grant                GET    access          302     405      405   405     405  405       405      405  405
support:refuse               POST   access          302     404      404   404     302  404       404      404  404
support:refuse               POST   town_access     302     404      404   404     404  404       404      302  404
support:refuse               GET    access          302     405      405   405     405  405       405      405  405
support:end                  POST   access          302     404      404   404     302  404       404      404  404
support:end                  POST   town_access     302     404      404   404     404  404       404      302  404
support:end                  GET    access          302     405      405   405     405  405       405      405  405
support:start                GET    -               302     410      410   410     410  410       410      410  410
support:arrive               GET    -               410     410      410   410     410  410       410      410  410
support:look                 GET    -               302     404      404   404     404  404       404      404  404
support:look_accounts        GET    -               302     404      404   404     404  404       404      404  404
support:look_class           GET    class           302     404      404   404     404  404       404      404  404
support:look_class           GET    next_class      302     404      404   404     404  404       404      404  404
support:look_file            GET    file            302     404      404   404     404  404       404      404  404
support:leave                POST   -               302     404      404   404     404  404       404      404  404
support:leave                GET    -               302     405      405   405     405  405       405      405  405
messaging:inbox              GET    -               302     200     404     200     200     200     200     200     200
messaging:drafts             GET    -               302     200     404     200     200     200     200     200     200
messaging:write              GET    -               302     200     404     200     200     200     200     200     200
messaging:write              POST   -               302     302     404     302     302     302     302     302     302
messaging:move               POST   -               302     302     404     302     302     302     302     302     302
messaging:move               GET    -               302     405     405     405     405     405     405     405     405
messaging:preferences        GET    -               302     200     404     200     200     200     200     200     200
messaging:preferences        POST   -               302     302     404     302     302     302     302     302     302
messaging:drop_list          POST   message_list    302     404     404     302     404     404     404     404     404
messaging:drop_list          GET    message_list    302     405     405     405     405     405     405     405     405
messaging:thread             GET    message         302     200     404     200     404     404     404     404     404
messaging:thread             GET    message_draft   302     404     404     302     404     404     404     404     404
messaging:thread             GET    message_queued  302     404     404     302     404     404     404     404     404
messaging:change             GET    message_draft   302     404     404     200     404     404     404     404     404
messaging:change             POST   message_draft   302     404     404     302     404     404     404     404     404
messaging:change             GET    message         302     403     404     403     404     404     404     404     404
messaging:send               GET    message_draft   302     404     404     200     404     404     404     404     404
messaging:send               POST   message_draft   302     404     404     302     404     404     404     404     404
messaging:send               GET    message_queued  302     404     404     200     404     404     404     404     404
messaging:send               POST   message         302     403     404     403     404     404     404     404     404
messaging:answer             POST   message         302     422     404     403     404     404     404     404     404
messaging:answer             GET    message         302     405     405     405     405     405     405     405     405
messaging:hold_back          POST   message_queued  302     404     404     302     404     404     404     404     404
messaging:hold_back          POST   message         302     403     404     403     404     404     404     404     404
messaging:hold_back          GET    message         302     405     405     405     405     405     405     405     405
messaging:drop               POST   message_draft   302     404     404     302     404     404     404     404     404
messaging:drop               POST   message         302     403     404     403     404     404     404     404     404
messaging:drop               GET    message_draft   302     405     405     405     405     405     405     405     405
messaging:recall             POST   message         302     403     404     302     404     404     404     404     404
messaging:recall             GET    message         302     405     405     405     405     405     405     405     405
messaging:report             GET    message         302     200     404     403     404     404     404     404     404
messaging:report             POST   message         302     302     404     403     404     404     404     404     404
messaging:moderation         GET    -               302     403     403     403     200     403     403     403     200
messaging:decide             POST   report          302     404     404     404     302     404     404     404     404
messaging:decide             GET    report          302     405     405     405     405     405     405     405     405
api:roll-calls-list          GET    -               401     200     200     200     200     200     200     200     200
api:roll-calls-detail        GET    roll            401     404     404     200     200     404     404     404     404
api:roll-calls-detail        GET    next_roll       401     404     404     404     200     404     404     404     404
api:absences-list            GET    -               401     200     200     200     200     200     200     200     200
api:absences-detail          GET    mark            401     200     404     200     200     404     404     404     404
api:absences-detail          GET    mate_mark       401     404     404     200     200     404     404     404     404
api:absences-detail          GET    next_mark       401     404     404     404     200     404     404     404     404
api:absence-announcements-list GET  -               401     200     200     200     200     200     200     200     200
api:absence-announcements-detail GET announced      401     200     404     200     200     404     404     404     404
api:absence-announcements-detail GET mate_announced 401     404     404     200     200     404     404     404     404
api:absence-announcements-detail GET next_announced 401     404     404     404     200     404     404     404     404
api:head-counts              GET    -               401     403     403     403     200     403     403     200     200
api:messages-list            GET    -               401     200     200     200     200     200     200     200     200
api:messages-list            POST   -               401     400     400     400     400     400     400     400     400
api:messages-detail          GET    message         401     200     404     200     404     404     404     404     404
homework:home                GET    -               302     200     200     302     200     302     200     403     302
homework:week                GET    class           302     404     404     200     200     404     404     404     404
homework:week                GET    next_class      302     404     404     404     200     404     404     404     404
homework:write               GET    class           302     404     404     200     403     404     404     404     404
homework:write               GET    next_class      302     404     404     404     403     404     404     404     404
homework:write               POST   class           302     404     404     422     403     404     404     404     404
homework:write               POST   next_class      302     404     404     404     403     404     404     404     404
homework:visa                POST   class           302     404     404     403     302     404     404     404     404
homework:visa                POST   next_class      302     404     404     404     302     404     404     404     404
homework:archive             GET    class           302     404     404     200     200     404     404     404     404
homework:archive             GET    next_class      302     404     404     404     200     404     404     404     404
homework:visa                GET    class           302     405     405     405     405     405     405     405     405
homework:homework            GET    homework        302     200     200     302     302     404     404     404     404
homework:homework            GET    next_homework   302     404     404     404     302     404     404     404     404
homework:change              GET    homework        302     403     403     200     403     404     404     404     404
homework:change              GET    next_homework   302     404     404     404     403     404     404     404     404
homework:change              POST   homework        302     403     403     422     403     404     404     404     404
homework:change              POST   next_homework   302     404     404     404     403     404     404     404     404
homework:remove              POST   homework        302     403     403     302     403     404     404     404     404
homework:remove              POST   next_homework   302     404     404     404     403     404     404     404     404
homework:restore             POST   homework        302     403     403     302     403     404     404     404     404
homework:restore             POST   next_homework   302     404     404     404     403     404     404     404     404
homework:follow              GET    homework        302     403     403     200     200     404     404     404     404
homework:follow              GET    next_homework   302     404     404     404     200     404     404     404     404
homework:tick                POST   homework        302     403     302     403     403     404     404     404     404
homework:tick                POST   next_homework   302     404     404     404     403     404     404     404     404
homework:hand_in             POST   homework        302     403     422     403     403     404     404     404     404
homework:hand_in             POST   next_homework   302     404     404     404     403     404     404     404     404
homework:remove              GET    homework        302     405     405     405     405     405     405     405     405
homework:restore             GET    homework        302     405     405     405     405     405     405     405     405
homework:tick                GET    homework        302     405     405     405     405     405     405     405     405
homework:hand_in             GET    homework        302     405     405     405     405     405     405     405     405
homework:word                POST   homework,child 302  403  403  302  403  404  404  404  404
homework:word                POST   homework,classmate 302  403  403  302  403  404  404  404  404
homework:word                POST   homework,next_child 302  403  403  404  403  404  404  404  404
homework:word                POST   next_homework,child 302  404  404  404  403  404  404  404  404
homework:word                POST   next_homework,classmate 302  404  404  404  403  404  404  404  404
homework:word                POST   next_homework,next_child 302  404  404  404  403  404  404  404  404
homework:word                GET    homework,child 302  405  405  405  405  405  405  405  405
api:homework-list            GET    -               401     200     200     200     200     200     200     200     200
api:homework-detail          GET    homework        401     200     200     200     200     404     404     404     404
api:homework-detail          GET    next_homework   401     404     404     404     200     404     404     404     404
"""

# On the academy's host. `one_factor`: an administrator who gave no second factor; `newcomer`: an account without role;
# `inspector` and `dasen`: of another circonscription, of another département than the commune's.
ACADEMY = """
route                        method args        visitor one_factor newcomer inspector dasen trainer support statistician deployment conventions administrator
home                         GET    -           302     302        403      200       200   200     200     200          200        200         200
accounts:sign_in             GET    -           200     302        302      302       302   302     302     302          302        302         302
accounts:sign_out            POST   -           302     302        302      302       302   302     302     302          302        302         302
accounts:sign_out_everywhere POST   -           302     302        302      302       302   302     302     302          302        302         302
accounts:activate            GET    -           200     200        200      200       200   200     200     200          200        200         200
accounts:choose_password     GET    -           302     302        302      302       302   302     302     302          302        302         302
accounts:account             GET    -           302     302        200      200       200   200     200     200          200        200         200
accounts:verify              GET    -           302     302        302      302       302   302     302     302          302        302         302
accounts:enrol               GET    -           302     200        200      200       200   200     200     200          200        200         200
accounts:change_password     GET    -           302     302        200      200       200   200     200     200          200        200         200
accounts:change_address      GET    -           302     302        200      200       200   200     200     200          200        200         200
accounts:recovery_codes      POST   -           302     302        302      302       302   302     302     302          302        302         302
accounts:recover             GET    -           302     302        302      302       302   302     302     302          302        302         302
accounts:devices             GET    -           302     302        200      200       200   200     200     200          200        200         200
accounts:sign_out_device     POST   device      302     302        404      404       404   404     404     404          302        404         404
accounts:sign_out_device     GET    device      302     302        405      405       405   405     405     405          405        405         405
accounts:remove_factor       POST   device      302     302        404      404       404   404     404     404          404        404         404
accounts:remove_factor       GET    device      302     302        405      405       405   405     405     405          405        405         405
accounts:charter             GET    -           302     302        200      200       200   200     200     200          200        200         200
accounts:confirm_address     GET    -           410     410        410      410       410   410     410     410          410        410         410
accounts:revert_address      GET    -           410     410        410      410       410   410     410     410          410        410         410
accounts:reset_password      GET    -           410     410        410      410       410   410     410     410          410        410         410
accounts:forgotten           GET    -           200     200        200      200       200   200     200     200          200        200         200
accounts:forgotten_identifier GET   -           200     200        200      200       200   200     200     200          200        200         200
accounts:forgotten_password  GET    -           200     200        200      200       200   200     200     200          200        200         200
accounts:verify_passkey      POST   -           302     422        422      422       422   422     422     422          422        422         422
accounts:verify_passkey      GET    -           302     405        405      405       405   405     405     405          405        405         405
accounts:add_passkey         GET    -           302     200        200      200       200   200     200     200          200        200         200
onboarding:communes          GET    -           302     302        403      200       200   200     200     200          200        200         200
reference:find               GET    -           200     200        200      200       200   200     200     200          200        200         200
reference:go                 GET    commune     302     302        302      302       302   302     302     302          302        302         302
reference:forget             POST   -           302     302        302      302       302   302     302     302          302        302         302
reference:forget             GET    -           405     405        405      405       405   405     405     405          405        405         405
onboarding:commune           GET    commune     302     302        404      404       404   200     200     200          200        200         200
onboarding:start             POST   new         302     302        404      404       404   403     403     403          302        302         302
onboarding:start             GET    new         302     302        405      405       405   405     405     405          405        405         405
onboarding:owner             GET    commune     302     302        404      404       404   403     403     403          200        200         200
onboarding:contacted         GET    commune     302     302        404      404       404   403     403     403          200        200         200
onboarding:contact           GET    commune,who 302     302        404      404       404   403     403     403          200        200         200
onboarding:draft             GET    commune     302     302        404      404       404   403     403     403          200        200         200
onboarding:convention_pdf    GET    commune     302     302        404      404       404   200     200     200          200        200         200
onboarding:deliberation      GET    commune     302     302        404      404       404   403     403     403          200        200         200
onboarding:deliberation      POST   commune     302     302        404      404       404   403     403     403          422        422         422
onboarding:sign_commune      POST   commune     302     302        404      404       404   403     403     403          422        422         422
onboarding:sign_academy      POST   commune     302     302        404      404       404   403     403     403          422        422         422
onboarding:contacts            GET    commune     302     302        404      404       404   403     403     403          200        200         200
onboarding:contacts            POST   commune     302     302        404      404       404   403     403     403          302        302         302
onboarding:ask_mandate         POST   commune     302     302        404      404       404   403     403     403          302        302         302
onboarding:ask_mandate         GET    commune     302     302        405      405       405   405     405     405          405        405         405
onboarding:mandate             GET    -           410     410        410      410       410   410     410     410          410        410         410
onboarding:mandate             POST   -           410     410        410      410       410   410     410     410          410        410         410
onboarding:journal             GET    commune     302     302        404      404       404   200     200     200          200        200         200
onboarding:add_task            POST   commune     302     302        404      404       404   403     403     403          422        422         422
onboarding:add_task            GET    commune     302     302        405      405       405   405     405     405          405        405         405
onboarding:add_note            POST   commune     302     302        404      404       404   403     403     403          422        422         422
onboarding:add_note            GET    commune     302     302        405      405       405   405     405     405          405        405         405
onboarding:add_file            POST   commune     302     302        404      404       404   403     403     403          422        422         422
onboarding:add_file            GET    commune     302     302        405      405       405   405     405     405          405        405         405
onboarding:turn_task           POST   case_task   302     302        403      403       403   403     403     403          302        302         302
onboarding:turn_task           GET    case_task   302     302        405      405       405   405     405     405          405        405         405
onboarding:pin_note            POST   case_note   302     302        403      403       403   403     403     403          302        302         302
onboarding:pin_note            GET    case_note   302     302        405      405       405   405     405     405          405        405         405
onboarding:waves               GET    -           302     302        403      403       403   403     403     403          200        200         200
onboarding:new_wave            GET    -           302     302        403      403       403   403     403     403          200        200         200
onboarding:new_wave            POST   -           302     302        403      403       403   403     403     403          422        422         422
onboarding:wave                GET    wave        302     302        403      403       403   403     403     403          200        200         200
onboarding:begin_act           POST   wave,act_kind 302     302        403      403       403   403     403     403          422        422         422
onboarding:begin_act           GET    wave,act_kind 302     302        403      403       403   403     403     403          302        302         302
onboarding:wave_act            GET    wave_act    302     302        403      403       403   403     403     403          200        200         200
onboarding:wave_act_panel      GET    wave_act    302     302        403      403       403   403     403     403          302        302         302
onboarding:stop_wave_act       POST   wave_act    302     302        403      403       403   403     403     403          302        302         302
onboarding:stop_wave_act       GET    wave_act    302     302        405      405       405   405     405     405          405        405         405
onboarding:resume_wave_act     POST   wave_act    302     302        403      403       403   403     403     403          302        302         302
onboarding:resume_wave_act     GET    wave_act    302     302        405      405       405   405     405     405          405        405         405
onboarding:give_list           GET    -           302     302        403      403       403   403     403     403          200        200         200
onboarding:give_list           POST   -           302     302        403      403       403   403     403     403          422        422         422
onboarding:list_model          GET    -           302     302        403      403       403   403     403     403          200        200         200
onboarding:list                GET    commune_list 302     302        403      403       403   403     403     403          200        200         200
onboarding:list                POST   commune_list 302     302        403      403       403   403     403     403          302        302         302
api:cases-list                 GET    -           401     403        403      200       200   200     200     200          200        200         200
api:cases-detail               GET    case_id     401     403        403      404       404   200     200     200          200        200         200
api:case-tasks-list            GET    -           401     403        403      403       403   403     403     403          200        200         200
api:case-tasks-detail          GET    case_task   401     403        403      403       403   403     403     403          200        200         200
api:waves-list                 GET    -           401     403        403      403       403   403     403     403          200        200         200
api:waves-detail               GET    wave        401     403        403      403       403   403     403     403          200        200         200
api:wave-acts-list             GET    -           401     403        403      403       403   403     403     403          200        200         200
api:wave-acts-detail           GET    wave_act    401     403        403      403       403   403     403     403          200        200         200
onboarding:adhesions           GET    -           302     302        403      403       403   403     403     403          403        403         200
onboarding:adhesions           POST   -           302     302        403      403       403   403     403     403          403        403         422
onboarding:review_adhesions    GET    adhesions   302     302        403      403       403   403     403     403          403        403         200
onboarding:review_adhesions    POST   adhesions   302     302        403      403       403   403     403     403          403        403         302
onboarding:isolation         GET    -           302     302        403      403       403   403     403     403          403        403         200
onboarding:staff             GET    -           302     302        403      403       403   403     403     403          403        403         200
onboarding:add_staff         GET    -           302     302        403      403       403   403     403     403          403        403         200
onboarding:staff_member      GET    member      302     302        403      403       403   403     403     403          403        403         200
statistics:statistics        GET    -           302     302        403      200       200   200     200     200          200        200         200
statistics:usage             GET    -           302     302        403      302       302   302     302     302          302        302         302
statistics:usage_of          GET    level,commune 302   302        403      404       404   200     200     200          200        200         200
statistics:usage_file        GET    level,commune,format 302 302   403      404       404   200     200     200          200        200         200
onboarding:renew_staff_code  POST   member      302     302        403      403       403   403     403     403          403        403         302
onboarding:renew_staff_code  GET    member      302     302        405      405       405   405     405     405          405        405         405
files:open                   GET    member      302     302        404      404       404   404     404     404          404        404         404
notifications:list           GET    -           302     302        200      200       200   200     200     200          200        200         200
notifications:open           GET    notice      302     302        404      404       404   404     404     404          302        404         404
notifications:read_all       POST   -           302     302        302      302       302   302     302     302          302        302         302
onboarding:communes_csv      GET    -           302     302        403      200       200   200     200     200          200        200         200
onboarding:map               GET    -           302     302        403      200       200   200     200     200          200        200         200
onboarding:to_call           GET    -           302     302        403      200       200   200     200     200          200        200         200
onboarding:schools           GET    -           302     302        403      200       200   200     200     200          200        200         200
onboarding:schools_csv       GET    -           302     302        403      200       200   200     200     200          200        200         200
statistics:districts         GET    -           302     302        403      200       200   200     200     200          200        200         200
statistics:export            GET    form        302     302        403      200       200   200     200     200          200        200         200
statistics:press             GET    -           302     302        403      404       404   200     200     200          200        200         200
statistics:press_pdf         GET    -           302     302        403      404       404   200     200     200          200        200         200
statistics:press_of          GET    aude        302     302        403      404       404   200     200     200          200        200         200
statistics:press_pdf_of      GET    aude        302     302        403      404       404   200     200     200          200        200         200
statistics:targets           GET    -           302     302        403      403       403   403     403     200          200        403         200
statistics:targets           POST   -           302     302        403      403       403   403     403     302          302        403         302
statistics:open_data         GET    -           200     200        200      200       200   200     200     200          200        200         200
statistics:open_file         GET    form        200     200        200      200       200   200     200     200          200        200         200
api:adoption                 GET    -           401     403        403      200       200   200     200     200          200        200         200
api_tokens:list              GET    -           302     302        200      200       200   200     200     200          200        200         200
api_tokens:make              POST   -           302     302        422      422       422   422     422     422          422        422         422
api_tokens:revoke            POST   token       302     302        404      404       404   404     404     404          302        404         404
api_tokens:revoke            GET    token       302     302        405      405       405   405     405     405          405        405         405
api:guide                    GET    -           302     302        200      200       200   200     200     200          200        200         200
api:document                 GET    -           401     403        200      200       200   200     200     200          200        200         200
api:communes-list            GET    -           401     403        403      200       200   200     200     200          200        200         200
api:communes-detail          GET    commune     401     403        403      404       404   200     200     200          200        200         200
api:schools-list             GET    -           401     403        403      200       200   200     200     200          200        200         200
api:schools-detail           GET    uai         401     403        403      404       404   200     200     200          200        200         200
api:usage-list               GET    -           401     403        403      200       200   200     200     200          200        200         200
api:usage-detail             GET    usage_month 401     403        403      404       404   200     200     200          200        200         200
bounds:bounds                GET    -           302     302        403      200       200   200     200     200          200        200         200
bounds:sender                GET    party       302     302        403      403       403   403     403     403          403        403         200
bounds:sender                POST   party       302     302        403      403       403   403     403     403          403        403         422
layouts:layouts              GET    -           302     302        403      200       200   200     200     200          200        200         200
layouts:layout               GET    kind        302     302        403      200       200   200     200     200          200        200         200
layouts:layout               POST   kind        302     302        403      422       422   422     422     422          422        422         422
layouts:version              GET    kind,number 302     302        403      200       200   200     200     200          200        200         200
layouts:edit                 GET    kind,number 302     302        403      403       403   403     403     403          200        200         200
layouts:edit                 POST   kind,number 302     302        403      403       403   403     403     403          422        422         422
layouts:publish              POST   kind,number 302     302        403      403       403   403     403     403          302        302         302
layouts:publish              GET    kind,number 302     302        405      405       405   405     405     405          405        405         405
maintenance:home             GET    -           302     302     403     200     200     200     200     200     200     200     200
maintenance:plan             GET    -           302     302     403     403     403     403     403     403     200     403     200
maintenance:plan             POST   -           302     302     403     403     403     403     403     403     422     403     422
maintenance:window           GET    window      302     302     403     200     200     200     200     200     200     200     200
maintenance:extend           POST   window      302     302     403     403     403     403     403     403     422     403     422
maintenance:extend           GET    window      302     302     405     405     405     405     405     405     405     405     405
maintenance:cancel           POST   window      302     302     403     403     403     403     403     403     422     403     422
maintenance:cancel           GET    window      302     302     405     405     405     405     405     405     405     405     405
maintenance:open_incident    GET    -           302     302     403     403     403     403     200     403     200     403     200
maintenance:open_incident    POST   -           302     302     403     403     403     403     422     403     422     403     422
maintenance:incident         GET    incident    302     302     403     200     200     200     200     200     200     200     200
maintenance:update_incident  POST   incident    302     302     403     403     403     403     422     403     422     403     422
maintenance:update_incident  GET    incident    302     302     405     405     405     405     405     405     405     405     405
maintenance:end_incident     POST   incident    302     302     403     403     403     403     422     403     422     403     422
maintenance:end_incident     GET    incident    302     302     405     405     405     405     405     405     405     405     405
maintenance:changes          GET    -           302     302     403     200     200     200     200     200     200     200     200
maintenance:write            GET    -           302     302     403     403     403     403     403     403     200     403     200
maintenance:write            POST   -           302     302     403     403     403     403     403     403     422     403     422
maintenance:change           GET    change      302     302     403     403     403     403     403     403     200     403     200
maintenance:change           POST   change      302     302     403     403     403     403     403     403     422     403     422
maintenance:publish          POST   change      302     302     403     403     403     403     403     403     302     403     302
maintenance:publish          GET    change      302     302     405     405     405     405     405     405     405     405     405
maintenance:withdraw         POST   change      302     302     403     403     403     403     403     403     302     403     302
maintenance:withdraw         GET    change      302     302     405     405     405     405     405     405     405     405     405
reference_data:home          GET    -           302     302     403     403     403     403     403     403     200     403     200
reference_data:home          POST   -           302     302     403     403     403     403     403     403     422     403     422
reference_data:load          GET    load        302     302     403     403     403     403     403     403     200     403     200
reference_data:approve       POST   load        302     302     403     403     403     403     403     403     302     403     302
reference_data:approve       GET    load        302     302     405     405     405     405     405     405     405     405     405
reference_data:refuse        POST   load        302     302     403     403     403     403     403     403     302     403     302
reference_data:refuse        GET    load        302     302     405     405     405     405     405     405     405     405     405
reference_data:open_school   GET    -           302     302     403     403     403     403     403     403     200     403     200
reference_data:open_school   POST   -           302     302     403     403     403     403     403     403     422     403     422
reference_data:school        GET    uai         302     302     403     403     403     403     403     403     200     403     200
reference_data:rename_school POST   uai         302     302     403     403     403     403     403     403     422     403     422
reference_data:rename_school GET    uai         302     302     405     405     405     405     405     405     405     405     405
reference_data:close_school  POST   uai         302     302     403     403     403     403     403     403     422     403     422
reference_data:close_school  GET    uai         302     302     405     405     405     405     405     405     405     405     405
reference_data:reopen_school POST   uai         302     302     403     403     403     403     403     403     422     403     422
reference_data:reopen_school GET    uai         302     302     405     405     405     405     405     405     405     405     405
reference_data:commune       GET    commune     302     302     403     403     403     403     403     403     200     403     200
reference_data:rename_commune POST   commune     302     302     403     403     403     403     403     403     422     403     422
reference_data:rename_commune GET    commune     302     302     405     405     405     405     405     405     405     405     405
reference_data:merge         GET    commune     302     302     403     403     403     403     403     403     200     403     200
reference_data:merge         POST   commune     302     302     403     403     403     403     403     403     422     403     422
reference_data:calendar      GET    -           302     302     403     403     403     403     403     403     200     403     200
reference_data:add_day       GET    -           302     302     403     403     403     403     403     403     200     403     200
reference_data:add_day       POST   -           302     302     403     403     403     403     403     403     422     403     422
reference_data:day           GET    day         302     302     403     403     403     403     403     403     200     403     200
reference_data:day           POST   day         302     302     403     403     403     403     403     403     422     403     422
reference_data:remove_day    POST   day         302     302     403     403     403     403     403     403     302     403     302
reference_data:remove_day    GET    day         302     302     405     405     405     405     405     405     405     405     405
api:districts-list           GET    -           401     403     403     200     200     200     200     200     200     200     200
api:districts-detail         GET    district    401     403     403     200     200     200     200     200     200     200     200
api:calendar-list            GET    -           401     403     403     200     200     200     200     200     200     200     200
api:calendar-detail          GET    day         401     403     403     200     200     200     200     200     200     200     200
api:reference-loads-list     GET    -           401     403     403     403     403     403     403     403     200     403     200
api:reference-loads-detail   GET    load        401     403     403     403     403     403     403     403     200     403     200
api:reference-acts-list      GET    -           401     403     403     403     403     403     403     403     200     403     200
api:reference-acts-detail    GET    act         401     403     403     403     403     403     403     403     200     403     200
api:windows-list             GET    -           401     403     403     200     200     200     200     200     200     200     200
api:windows-detail           GET    window      401     403     403     200     200     200     200     200     200     200     200
api:incidents-list           GET    -           401     403     403     200     200     200     200     200     200     200     200
api:incidents-detail         GET    incident    401     403     403     200     200     200     200     200     200     200     200
api:changes-list             GET    -           401     403     403     200     200     200     200     200     200     200     200
api:changes-detail           GET    change      401     403     403     200     200     200     200     200     200     200     200
api:state                    GET    -           401     403     403     200     200     200     200     200     200     200     200
provisioning:opening         GET    commune     302     302        404      404       404   200     200     200          200        200         200
provisioning:panel           GET    commune     302     302        302      302       302   302     302     302          302        302         302
provisioning:open            POST   commune     302     302        404      404       404   403     403     403          302        302         302
provisioning:open            GET    commune     302     302        405      405       405   405     405     405          405        405         405
provisioning:resume          POST   commune     302     302        404      404       404   403     403     403          404        404         404
provisioning:kill            POST   commune     302     302        404      404       404   404     404     404          404        404         404
mobility:moving_staff        GET    -           302     302        403      200       403   403     403     403          200        403         200
mobility:add                 GET    -           302     302        403      200       403   403     403     403          200        403         200
mobility:add                 POST   -           302     302        403      422       403   403     403     403          422        403         422
mobility:member              GET    moving      302     302        403      404       403   403     403     403          200        403         200
mobility:post                GET    moving      302     302        403      404       403   403     403     403          302        403         302
mobility:change              GET    posting     302     302        403      404       403   403     403     403          200        403         200
mobility:change              POST   posting     302     302        403      404       403   403     403     403          422        403         422
mobility:end                 POST   posting     302     302        403      404       403   403     403     403          302        403         302
mobility:end                 GET    posting     302     302        405      405       405   405     405     405          405        405         405
mobility:my_communes         GET    -           302     302        403      403       403   403     403     403          403        403         403
mobility:towards             GET    -           302     302        410      410       410   410     410     410          410        410         410
training:sessions            GET    -           302       302       403       200       200       200       200       200       200       200       200
training:export              GET    -           302       302       403       200       200       200       200       200       200       200       200
training:catalogue           GET    -           302       302       403       200       200       200       200       200       200       200       200
training:add_training        GET    -           302       302       403       403       403       200       403       403       403       403       200
training:add_training        POST   -           302       302       403       403       403       422       403       403       403       403       422
training:training            GET    training    302       302       403       403       403       200       403       403       403       403       200
training:training            POST   training    302       302       403       403       403       422       403       403       403       403       422
training:plan                GET    -           302       302       403       403       403       200       403       403       403       403       200
training:plan                POST   -           302       302       403       403       403       422       403       403       403       403       422
training:session             GET    session     302       302       404       404       404       200       200       200       200       200       200
training:ics                 GET    session     302       302       404       404       404       200       200       200       200       200       200
training:session             GET    wide        302       302       404       200       200       200       200       200       200       200       200
training:change              GET    session     302       302       404       404       404       200       403       403       403       403       200
training:cancel              GET    session     302       302       404       404       404       200       403       403       403       403       200
training:attendance          GET    session     302       302       404       404       404       200       403       403       403       403       200
training:sheet               GET    session     302       302       404       404       404       200       403       403       403       403       200
training:change              POST   session     302       302       404       404       404       422       403       403       403       403       422
training:cancel              POST   session     302       302       404       404       404       422       403       403       403       403       422
training:attendance          POST   session     302       302       404       404       404       422       403       403       403       403       422
training:attendance          GET    wide        302       302       404       403       403       200       403       403       403       403       200
training:turn                POST   session     302       302       404       404       404       302       403       403       403       403       302
training:turn                GET    session     302       302       405       405       405       405       405       405       405       405       405
training:on_site             POST   session     302       302       404       404       404       302       403       403       403       403       302
training:on_site             GET    session     302       302       405       405       405       405       405       405       405       405       405
training:walk_in             POST   session,walk_in 302   302       404       404       404       302       403       403       403       403       302
training:walk_in             GET    session,walk_in 302   302       405       405       405       405       405       405       405       405       405
training:coverage_pdf        GET    -           302       302       403       200       200       200       200       200       200       200       200
training:coverage            GET    -           302       302       403       200       200       200       200       200       200       200       200
training:coverage_export     GET    -           302       302       403       200       200       200       200       200       200       200       200
training:calendar            GET    -           302       302       403       403       403       200       403       403       403       403       200
training:calendar            POST   -           302       302       403       403       403       200       403       403       403       403       200
training:feed                GET    feed        200       200       200       200       200       200       200       200       200       200       200
training:feed                GET    who         404       404       404       404       404       404       404       404       404       404       404
training:verify              GET    -           200       200       200       200       200       200       200       200       200       200       200
training:verify              POST   -           422       422       422       422       422       422       422       422       422       422       422
api:trainings-list           GET    -           401       403       403       200       200       200       200       200       200       200       200
api:trainings-detail         GET    training    401       403       403       200       200       200       200       200       200       200       200
api:training-sessions-list   GET    -           401       403       403       200       200       200       200       200       200       200       200
api:training-sessions-detail GET    session     401       403       403       404       404       200       200       200       200       200       200
api:training-coverage-list   GET    -           401       403       403       200       200       200       200       200       200       200       200
api:training-coverage-detail GET    uai         401       403       403       404       404       200       200       200       200       200       200
lifecycle:life               GET    commune     302     302        404      404       404   200     200     200          200        200         200
lifecycle:to_erase           GET    -           302     302        403      200       200   200     200     200          200        200         200
lifecycle:terms              GET    commune     302     302        404      404       404   403     403     403          403        200         200
lifecycle:terms              POST   commune     302     302        404      404       404   403     403     403          403        422         422
lifecycle:renew              GET    commune     302     302        404      404       404   403     403     403          403        200         200
lifecycle:suspend            GET    commune     302     302        404      404       404   403     403     403          403        403         200
lifecycle:suspend            POST   commune     302     302        404      404       404   403     403     403          403        403         422
lifecycle:lift               POST   commune     302     302        404      404       404   403     403     403          403        403         302
lifecycle:lift               GET    commune     302     302        405      405       405   405     405     405          405        405         405
lifecycle:come_back          POST   commune     302     302        404      404       404   403     403     403          403        302         302
lifecycle:terminate          GET    commune     302     302        404      404       404   403     403     403          403        200         200
lifecycle:terminate          POST   commune     302     302        404      404       404   403     403     403          403        422         422
lifecycle:prepare            POST   commune     302     302        404      404       404   403     403     403          403        404         404
lifecycle:send_again         GET    commune,member 302  302        404      404       404   403     403     403          403        404         404
lifecycle:take               POST   commune,member 302  302        404      404       404   403     403     403          403        403         403
lifecycle:erase              GET    commune     302     302        404      404       404   403     403     403          403        403         404
lifecycle:keep               POST   commune     302     302        404      404       404   403     403     403          403        403         404
lifecycle:proof              GET    commune     302     302        404      404       404   404     404     404          404        404         404
lifecycle:receive            GET    key         410     410        410      410       410   410     410     410          410        410         410
onboarding:amend             GET    commune     302     302        404      404       404   403     403     403          302        302         302
onboarding:amend             POST   commune     302     302        404      404       404   403     403     403          302        302         302
onboarding:conventions       GET    -           302     302        403      200       200   200     200     200          200        200         200
onboarding:conventions_csv   GET    -           302     302        403      200       200   200     200     200          200        200         200
onboarding:deliberate        GET    convention  302     302        404      404       404   403     403     403          200        200         200
onboarding:deliberate        POST   convention  302     302        404      404       404   403     403     403          422        422         422
onboarding:convention        GET    convention  302     302        404      404       404   200     200     200          200        200         200
onboarding:document          GET    convention  302     302        404      404       404   200     200     200          200        200         200
onboarding:invite            GET    convention  302     302        404      404       404   403     403     403          200        200         200
onboarding:invite            POST   convention  302     302        404      404       404   403     403     403          422        422         422
onboarding:sign              GET    convention  302     302        404      404       404   403     403     403          403        200         200
onboarding:sign              POST   convention  302     302        404      404       404   403     403     403          403        422         422
onboarding:record_paper      GET    convention,side 302     302        404      404       404   403     403     403          200        200         200
onboarding:record_paper      POST   convention,side 302     302        404      404       404   403     403     403          422        422         422
onboarding:revoke            POST   convention  302     302        404      404       404   403     403     403          302        302         302
onboarding:revoke            GET    convention  302     302        405      405       405   405     405     405          405        405         405
onboarding:drop_amendment    POST   convention  302     302        404      404       404   403     403     403          302        302         302
onboarding:drop_amendment    GET    convention  302     302        405      405       405   405     405     405          405        405         405
onboarding:templates         GET    -           302     302        403      403       403   403     403     403          403        200         200
onboarding:write_template    GET    model       302     302        403      403       403   403     403     403          403        200         200
onboarding:write_template    POST   model       302     302        403      403       403   403     403     403          403        422         422
onboarding:template_pdf      GET    model,version 302     302        403      403       403   403     403     403          403        200         200
onboarding:choose_template   POST   model,version 302     302        403      403       403   403     403     403          403        404         404
onboarding:choose_template   GET    model,version 302     302        405      405       405   405     405     405          405        405         405
onboarding:sign_online       GET    -           410     410        410      410       410   410     410     410          410        410         410
onboarding:sign_online       POST   -           410     410        410      410       410   410     410     410          410        410         410
onboarding:online_pdf        GET    -           410     410        410      410       410   410     410     410          410        410         410
signing:verify               GET    -           200     200        200      200       200   200     200     200          200        200         200
signing:verify               POST   -           422     422        422      422       422   422     422     422          422        422         422
api:endings-list             GET    -           401     403        403      200       200   200     200     200          200        200         200
api:endings-detail           GET    ending      401     403        403      404       404   200     200     200          200        200         200
api:conventions-list         GET    -           401     403        403      200       200   200     200     200          200        200         200
api:conventions-detail       GET    convention  401     403        403      404       404   200     200     200          200        200         200
helpdesk:queue               GET    -               302         302        403      200       200     403     200     200          403        403         200
helpdesk:figures             GET    -               302         302        403      200       200     403     200     200          403        403         200
helpdesk:ticket              GET    ticket          302         302        403      404       404     403     200     200          403        403         200
helpdesk:assign              POST   ticket          302         302        403      404       404     403     302     403          403        403         403
helpdesk:assign              GET    ticket          302         302        405      405       405     405     405     405          405        405         405
helpdesk:answer              POST   ticket          302         302        403      404       404     403     422     403          403        403         403
helpdesk:answer              GET    ticket          302         302        405      405       405     405     405     405          405        405         405
helpdesk:canned              GET    -               302         302        403      403       403     403     200     403          403        403         200
helpdesk:add_canned          GET    -               302         302        403      403       403     403     200     403          403        403         200
helpdesk:add_canned          POST   -               302         302        403      403       403     403     422     403          403        403         422
helpdesk:edit_canned         GET    canned          302         302        403      403       403     403     200     403          403        403         200
helpdesk:edit_canned         POST   canned          302         302        403      403       403     403     422     403          403        403         422
helpdesk:archive_canned      POST   canned          302         302        403      403       403     403     302     403          403        403         302
helpdesk:archive_canned      GET    canned          302         302        405      405       405     405     405     405          405        405         405
helpdesk:accesses            GET    -               302         302        403      403       403     403     200     403          403        403         200
helpdesk:ask_access          GET    -               302         302        403      403       403     403     302     403          403        403         403
helpdesk:ask_access          POST   -               302         302        403      403       403     403     302     403          403        403         403
helpdesk:withdraw_access     POST   access          302         302        403      403       403     403     302     403          403        403         403
helpdesk:withdraw_access     GET    access          302         302        405      405       405     405     405     405          405        405         405
helpdesk:towards             GET    -               302         302        403      403       403     403     410     403          403        403         403
api:support-accesses-list    GET    -               401         403        403      403       403     403     200     403          403        403         200
api:support-accesses-detail  GET    access          401         403        403      403       403     403     200     403          403        403         200
api:tickets-list             GET    -               401         403        403      200       200     403     200     200          403        403         200
api:tickets-detail           GET    ticket          401         403        403      404       404     403     200     200          403        403         200
api:support-figures          GET    -               401         403        403      200       200     403     200     200          403        403         200
emergency:home               GET    -           302       302       403       403       200       403       200       403       403       403       200
emergency:throw              GET    -           302       302       403       403       403       403       403       403       403       403       302
emergency:throw              POST   -           302       302       403       403       403       403       403       403       403       403       302
emergency:switch             GET    switch      302       302       403       403       404       403       200       403       403       403       200
emergency:reopen             POST   switch      302       302       403       403       403       403       403       403       403       403       302
emergency:reopen             GET    switch      302       302       405       405       405       405       405       405       405       405       405
emergency:measure            POST   switch      302       302       403       403       403       403       403       403       403       403       302
emergency:measure            GET    switch      302       302       405       405       405       405       405       405       405       405       405
"""  # noqa: E501

# Routes of other hosts, asked by whoever passes: nobody signs in there.
ELSEWHERE = """
route              method args       visitor
home               GET    -          200
demo_enter         GET    schema,key 405
demo_enter         POST   schema,key 404
demo_mails         GET    -          200
demo_mail          GET    key        404
gallery:components GET    -          200
gallery:specimen   GET    specimen   200
gallery:theme      GET    theme      200
"""

FILES = """
route     method args         visitor
read_file GET    schema,key   404
read_file POST   schema,key   405
"""

# Pages that anybody may open.
PUBLIC_PAGES = {"accounts:sign_in", "accounts:activate", "accounts:choose_password"}
# Where a child comes in, with a card or on a device that was shown an open class.
PUBLIC_PAGES |= {
    f"pupil_access:{name}" for name in ("door", "board_code", "card", "faces", "pictures", "forgotten", "finish")
}
# Nobody is signed in yet where one arrives from elsewhere; a letter is asked for.
PUBLIC_PAGES |= {"links:start", "links:arrive", "links:children"}
PUBLIC_PAGES |= {"accounts:confirm_address", "accounts:revert_address", "accounts:reset_password"}
# The town answers from its official mailbox; the link is what lets it in.
PUBLIC_PAGES |= {"onboarding:mandate"}
PUBLIC_PAGES |= {"lifecycle:receive"}  # a link good once, to who has no account left
# The assistance at the door of a commune: a letter of the academy is asked for.
PUBLIC_PAGES |= {"support:start", "support:arrive"}
PUBLIC_PAGES |= {"statistics:open_data", "statistics:open_file"}
PUBLIC_PAGES |= {"reference:find", "reference:go", "reference:forget"}
PUBLIC_PAGES |= {"training:feed", "training:verify"}
# A mayor signs by a link, anybody checks a document.
PUBLIC_PAGES |= {"onboarding:sign_online", "onboarding:online_pdf", "signing:verify"}
PUBLIC_PAGES |= {"accounts:forgotten", "accounts:forgotten_identifier", "accounts:forgotten_password"}
# What is opened by the secret in its address: not found elsewhere.
SECRETS = {"agenda:feed"}
PUBLIC_PAGES |= SECRETS


# What a route may be asked about → the same thing in a neighbouring relation: of another child of the class, of
# another class of the school. (Another school is asked by the columns colleague, stranger and far_head; another
# commune by every row.)
NEIGHBOURS = {
    "class": ["next_class"],
    "child": ["classmate", "next_child"],
    "link": ["mate_link", "next_link"],
    "adult": ["mate_adult", "next_adult"],
    "kid": ["mate_kid", "next_kid"],
    "place": ["mate_place", "next_place"],
    "assignment": ["next_assignment"],
    "note": ["next_note"],
    "announced": ["mate_announced", "next_announced"],
    "homework": ["next_homework"],
    "event": ["next_event"],
    "lesson": ["next_lesson"],
    "booking": ["mate_booking"],
    "meeting": ["next_meeting"],
    "roll": ["next_roll"],
    "mark": ["mate_mark", "next_mark"],
}


# Words of an address that mean the same in every commune: no object of one.
# The academy’s training sessions are the same seen from every commune.
WORDS = {"form", "party", "side", "model", "version", "training_session"}
WORDS |= {"day", "half", "month"}


def answers_by_itself(row: "Row") -> bool:
    """Of the API: says 401 to a visitor where a page would send them to sign in."""
    return row.expected["visitor"] == 401


@dataclass(frozen=True)
class Row:
    route: str
    method: str
    args: tuple[str, ...]
    expected: dict[str, int]

    @property
    def app(self) -> str:
        """The namespace of the route; `home` for those that have none."""
        return self.route.split(":")[0] if ":" in self.route else "home"

    def distinct(self) -> dict[str, int]:
        """Who to ask. A wrong method is told to everybody alike, before anything is looked at: ask one."""
        return dict(list(self.expected.items())[:2]) if self.is_a_wrong_method() else self.expected

    def is_a_wrong_method(self) -> bool:
        return {status for profile, status in self.expected.items() if profile != "visitor"} == {405}

    def seen_by(self) -> list[str]:
        """Those who, at home, get further than « not found » or « not that way »."""
        return [p for p, status in self.expected.items() if p != "visitor" and status not in (404, 405)]

    def __str__(self) -> str:
        return f"{self.method} {self.route}({', '.join(self.args)})"


def rows(table: str, app: str | None = None) -> list[Row]:
    lines = [line.split() for line in table.strip().splitlines()]
    profiles = lines[0][3:]
    found = [
        Row(
            route=route,
            method=method,
            args=() if args == "-" else tuple(args.split(",")),
            expected=dict(zip(profiles, map(int, answers), strict=True)),
        )
        for route, method, args, *answers in lines[1:]
    ]
    return [row for row in found if app in (None, row.app)]


def apps(table: str) -> list[str]:
    return list(dict.fromkeys(row.app for row in rows(table)))
