//! The places of the window: what each brings along, in one table. A new place is one row here, its
//! command, and what its dock shows (`ui::app::desk`, for which the compiler asks).

use super::Model;
use super::air::Seen;
use crate::analysis::ledger::View;
use crate::domain::{Kind, PlanState, Text};
use crate::map::layers;
use crate::settings::{LayerSetting, Panels};
use crate::ui::command::Command;

/// A place to be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Workspace {
    /// 态势: what is so, and what is wrong.
    #[default]
    Situation,
    /// 方案: restrictions and what they do.
    Plans,
    /// 空气: what was measured, and what follows from it.
    Air,
    /// 台账: what was found, and who mends it.
    Ledger,
    /// 高值: what is too high, and who does what about it within the hour.
    Episodes,
    /// 会商: scenes and decisions.
    Meeting,
}

/// One row of the table.
pub struct About {
    /// By which settings know it.
    pub key: &'static str,
    /// Its word, icon and key.
    pub command: Command,
    /// Which layers are shown until somebody chooses others, by key.
    pub layers: &'static [&'static str],
    /// Which panels are open until somebody opens or folds one.
    pub panels: Panels,
    /// Whether its dock has something of its own beside the table.
    pub has_pages: bool,
    /// The kinds of its table, in the order of the tabs.
    pub kinds: &'static [Kind],
}

/// What waits in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Badge {
    pub count: usize,
    pub words: Text,
}

impl Workspace {
    /// In the order of the bar.
    pub const ALL: [Self; 6] =
        [Self::Situation, Self::Air, Self::Episodes, Self::Ledger, Self::Plans, Self::Meeting];

    /// Its row of the table.
    #[expect(clippy::too_many_lines, reason = "a table of one row a place")]
    pub const fn about(self) -> About {
        match self {
            Self::Situation => About {
                key: "situation",
                command: Command::Situation,
                layers: &[
                    "areas",
                    "roads",
                    "sweeping",
                    "congestion",
                    "restrictions",
                    "rings",
                    "sites",
                    "control_points",
                ],
                panels: Panels { left: true, right: true, dock: false, is_table: true },
                has_pages: false,
                kinds: &[
                    Kind::ControlPoint,
                    Kind::Site,
                    Kind::Congestion,
                    Kind::Sweeping,
                    Kind::Area,
                ],
            },
            Self::Plans => About {
                key: "plans",
                command: Command::Planner,
                layers: &[
                    "areas",
                    "roads",
                    "congestion",
                    "restrictions",
                    "rings",
                    "cameras",
                    "gates",
                    "control_points",
                ],
                panels: Panels { left: true, right: true, dock: true, is_table: false },
                has_pages: true,
                kinds: &[
                    Kind::Restriction,
                    Kind::Plan,
                    Kind::Gate,
                    Kind::Flow,
                    Kind::Road,
                    Kind::Camera,
                    Kind::LegalBasis,
                ],
            },
            Self::Air => About {
                key: "air",
                command: Command::Air,
                layers: &[
                    "areas",
                    "roads",
                    "restrictions",
                    "rings",
                    "sites",
                    "weather_stations",
                    "control_points",
                ],
                panels: Panels { left: false, right: false, dock: true, is_table: false },
                has_pages: true,
                kinds: &[Kind::ControlPoint, Kind::WeatherStation, Kind::Forecast],
            },
            Self::Ledger => About {
                key: "ledger",
                command: Command::Ledger,
                layers: &["areas", "roads", "rings", "items", "control_points"],
                panels: Panels { left: false, right: false, dock: true, is_table: false },
                has_pages: true,
                kinds: &[
                    Kind::Item,
                    Kind::Duty,
                    Kind::Escalation,
                    Kind::CheckPlan,
                    Kind::Check,
                    Kind::Response,
                    Kind::ResponseMeasure,
                ],
            },
            Self::Episodes => About {
                key: "episodes",
                command: Command::HighValues,
                layers: Self::Air.about().layers,
                panels: Panels { left: false, right: false, dock: true, is_table: false },
                has_pages: true,
                kinds: &[Kind::Episode, Kind::AlarmRule],
            },
            Self::Meeting => About {
                key: "meeting",
                command: Command::Meeting,
                layers: Self::Situation.about().layers,
                panels: Panels { left: true, right: true, dock: true, is_table: false },
                has_pages: true,
                kinds: &[Kind::Decision, Kind::Meeting, Kind::Scene, Kind::PenMark, Kind::Sprint],
            },
        }
    }

    /// What waits there; `None` where nothing does, or while it is being counted.
    pub fn badge(self, model: &Model) -> Option<Badge> {
        let (count, words) = match self {
            Self::Situation => (
                model.meeting.overview.now.sites.failing_in_rings,
                Text::new("个圈内点位不达标", "sites inside rings failing"),
            ),
            Self::Plans => {
                let world = model.world();
                let plans = world.table(Kind::Plan).iter();
                let waiting = plans.filter(|plan| PlanState::of(plan) == Some(PlanState::Frozen));
                (
                    waiting.count(),
                    Text::new("个方案已定稿，等待采纳", "frozen plans wait to be adopted"),
                )
            }
            Self::Air => {
                let hours = model.air.hours.as_ref();
                let stations = hours.into_iter().flat_map(|hours| hours.stations.values());
                let is_bad = |seen: Seen| {
                    let valued = seen.moment.valued.filter(|_| !seen.is_stale);
                    valued.is_some_and(|valued| !valued.level().is_good())
                };
                (
                    stations.filter(|own| model.seen(own).is_some_and(is_bad)).count(),
                    Text::new("个站此刻超过良", "stations worse than good now"),
                )
            }
            Self::Ledger => (
                model.ledger.as_ref().map_or(0, |now| now.count(View::Overdue)),
                Text::new("件超期", "items overdue"),
            ),
            Self::Episodes => {
                (model.running_rows().len(), Text::new("起高值未结", "high values not closed"))
            }
            Self::Meeting => (
                model.meeting.overview.now.decisions.overdue,
                Text::new("项决定逾期", "decisions overdue"),
            ),
        };
        (count > 0).then_some(Badge { count, words })
    }

    /// Every layer of the map as it usually is here, lowest first.
    pub fn usual_layers(self) -> Vec<LayerSetting> {
        let shown = self.about().layers;
        let setting = |layer: &&dyn layers::Layer| LayerSetting {
            key: layer.key().to_owned(),
            is_shown: shown.contains(&layer.key()),
            opacity: 1.0,
        };
        layers::ALL.iter().map(setting).collect()
    }

    /// Kept settings in their order, with the layers that they do not know yet on top.
    pub fn merged(self, kept: &[LayerSetting]) -> Vec<LayerSetting> {
        let is_known = |kept: &&LayerSetting| layers::by_key(&kept.key).is_some();
        let mut layers: Vec<LayerSetting> = kept.iter().filter(is_known).cloned().collect();
        for new in self.usual_layers() {
            if layers.iter().all(|known| known.key != new.key) {
                layers.push(new);
            }
        }
        layers
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_place_has_a_key_a_command_and_layers_of_its_own_that_there_are() {
        let keys: BTreeSet<&str> = Workspace::ALL.iter().map(|place| place.about().key).collect();
        assert_eq!(keys.len(), Workspace::ALL.len());
        for place in Workspace::ALL {
            let about = place.about();
            assert!(about.command.about().key.is_some(), "{place:?}");
            assert!(about.layers.iter().all(|key| layers::by_key(key).is_some()), "{place:?}");
            assert!(!about.kinds.is_empty(), "{place:?}");
            let shown = place.usual_layers().into_iter().filter(|layer| layer.is_shown);
            assert_eq!(shown.count(), about.layers.len(), "{place:?}");
        }
    }

    #[test]
    fn a_layer_that_was_hidden_stays_hidden_and_one_that_is_new_is_as_it_comes() {
        let place = Workspace::Situation;
        let mut kept = place.usual_layers();
        kept.retain(|layer| layer.key != "rings" && layer.key != "gates");
        kept.iter_mut().filter(|layer| layer.key == "sites").for_each(|it| it.is_shown = false);
        let merged = place.merged(&kept);
        let is_shown = |key: &str| merged.iter().find(|layer| layer.key == key).unwrap().is_shown;
        assert!(!is_shown("sites") && is_shown("rings") && !is_shown("gates"));
    }
}
