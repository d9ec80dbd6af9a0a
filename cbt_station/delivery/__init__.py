"""Delivery: one sitting at one station. No acknowledged answer is ever lost.

`station` is the face to screens and to the driver; `views` is what they get. Below it: `session_folder` (what came from
the committee, checked), `data_folder` (what stays on the station), `sitting_folder` and `journal` (the truth of a
sitting), `running` (what a candidate and a proctor do), `second_copy`, `sealing_result`, `recover`, `drive`.

May import `storage`, `verify` (not its scoring), `artefacts`, `exam` (not its scoring), `sealing`, `words`, `errors`.
Absent on purpose: Qt, whatever scores, whatever knows keys to answers.
"""
