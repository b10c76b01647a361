//! One binary for all tests of the whole: linking once is what most of their time goes into.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod architecture;
mod as_of;
mod attachments;
mod brief_journeys;
mod briefs;
mod browser;
mod cache_journeys;
mod city_journeys;
mod decisions;
mod desk_journeys;
mod doors;
mod drawing_journeys;
mod edits;
mod effects_journeys;
mod faults;
mod field;
mod fixing_journeys;
mod frame_journeys;
mod imports;
mod journeys;
mod layout_journeys;
mod notice_journeys;
mod opening_journeys;
mod overview_journeys;
mod papers;
mod peers;
mod pen_journeys;
mod pictures;
mod planner;
mod planner_journeys;
mod print_journeys;
mod reason_journeys;
mod road_journeys;
mod room_journeys;
mod seals;
mod seats;
mod setup_journeys;
mod stage_journeys;
mod support;
mod survival;
mod truck_roads;
mod trust;
mod typing_journeys;
mod waiting;
