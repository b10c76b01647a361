//! Why a district gives no network to work with, in both languages.

use crate::domain::Localized;

/// Why nothing could be prepared, and so nothing compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unready {
    /// No road record has a line.
    #[error(
        "the district has no roads: import some first, as in `shapan import DISTRICT roads.osm.pbf`"
    )]
    NoRoads,
    /// No flow record is there.
    #[error(
        "the district has no truck flows: import some first, as in `shapan import DISTRICT flows.csv --as flow`"
    )]
    NoFlows,
    /// Whoever waited did not want to any more.
    #[error("stopped")]
    Stopped,
}

impl Localized for Unready {
    fn zh(&self) -> String {
        let zh = match self {
            Self::NoRoads => {
                "区域文件里还没有道路：请先导入，如 shapan import DISTRICT roads.osm.pbf"
            }
            Self::NoFlows => {
                "区域文件里还没有货车流量：请先导入，如 shapan import DISTRICT flows.csv --as flow"
            }
            Self::Stopped => "已停止",
        };
        zh.to_owned()
    }
}
