//! What each kind of record is: its layer, its shape, its fields, and the values that they may hold.
//! Kinds that belong together share a file. Keys are fixed; words and spellings may grow.

mod check;
mod control_point;
mod demand;
mod episode;
mod forecast;
mod item;
mod measures;
mod meeting;
mod plan;
mod response;
mod road;
mod scene;
mod site;
mod weather_station;

pub use check::{CHECK, CHECK_PLAN, CheckSubject};
pub use control_point::{
    AREA, AreaRole, CAMERA, CONTROL_POINT, ControlPointLevel, ControlPointState,
};
pub use demand::{FLOW, FlowSource, GATE, GateRole};
pub use episode::{
    ALARM_RULE, AlarmPollutant, ClockStart, EPISODE, EpisodeFamily, EpisodeState, FalseCause,
};
pub use forecast::{FORECAST, ForecastLevel};
pub use item::{
    DUTY, DutyScope, ESCALATION, EscalationColour, Founded, ITEM, ItemSource, ItemState, ItemType,
    Lack, SixChecks,
};
pub use measures::{
    CONGESTION, Carriageways, CongestionCause, EmissionStage, Fuel, OrderKind, OrderState,
    PlateColour, RESTRICTION, SWEEPING, TruckClass,
};
pub use meeting::{DECISION, DecisionState, MEETING, MeetingState};
pub use plan::{BasisRole, LEGAL_BASIS, NoticeForm, PLAN, PlanState};
pub use response::{RESPONSE, RESPONSE_MEASURE, ResponseLevel};
pub use road::{Oneway, ROAD, RoadClass, TruckAccess};
pub use scene::{PEN_MARK, PenForm, PenTone, SCENE, SPRINT};
pub use site::{Disposal, SITE, SiteKind, Verdict};
pub use weather_station::{DELIVERY, DeliveryState, WEATHER_STATION, WeatherSource};

use super::choice::choices;
use super::schema::Definition;
use super::{Choice, Field, FieldType, Shape, Text};

/// The field of every kind that names the photos and papers of a record.
pub const ATTACHMENTS: &str = "attachments";

const fn field(key: &'static str, ty: FieldType, zh: &'static str, en: &'static str) -> Field {
    Field { key, ty, unit: "", label: Text::new(zh, en), also: &[], of: &[] }
}

const fn choice(key: &'static str, zh: &'static str, en: &'static str) -> Choice {
    Choice::new(key, zh, en)
}

impl Field {
    const fn also(mut self, names: &'static [&'static str]) -> Self {
        self.also = names;
        self
    }

    const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    const fn of(mut self, site_kinds: &'static [&'static str]) -> Self {
        self.of = site_kinds;
        self
    }
}

const fn code() -> Field {
    field("code", FieldType::Text, "编码", "Code").also(&[
        "编号",
        "代码",
        "点位编码",
        "监测点编码",
        "站点编码",
        "项目编号",
        "osm_id",
        "监控点编号",
        "设备编号",
    ])
}

const fn name() -> Field {
    field("name", FieldType::Text, "名称", "Name").also(&[
        "名字",
        "点位名称",
        "监测点名称",
        "站点名称",
        "项目名称",
        "工地名称",
        "企业名称",
        "单位名称",
        "餐饮名称",
        "店名",
        "饭店名称",
        "停车场名称",
        "道路名称",
        "路名",
        "路段",
        "路段名称",
        "title",
        "站点",
        "站名",
        "污染源名称",
        "场所名称",
        "区域名称",
        "工程名称",
        "商户名称",
        "店铺名称",
        "小区名称",
        "点位",
        "点位名",
        "StationName",
        "PositionName",
        "SiteName",
        "监测点",
        "污染源",
        "企业",
        "工地",
        "门店",
        "商户",
        "餐饮单位",
        "被检查单位",
        "检查对象",
    ])
}

const fn township() -> Field {
    field("township", FieldType::Text, "乡镇街道", "Township").also(&[
        "乡镇",
        "街道",
        "镇街",
        "乡镇(街道)",
        "乡镇（街道）",
        "所属乡镇",
        "所属街道",
        "所属区域",
        "所在乡镇",
        "属地",
        "所属乡镇街道",
        "街乡镇",
        "乡镇街",
        "镇(街道)",
        "所在镇街",
        "所属镇街",
        "town",
    ])
}

const fn leader() -> Field {
    field("leader", FieldType::Text, "分包领导", "Responsible leader").also(&[
        "包联领导",
        "责任领导",
        "包保领导",
        "分管领导",
        "点位长",
    ])
}

/// Civil time of the office, `2026-11-23T10:00`; what is due at midnight is due at the end of a day.
const fn moment(key: &'static str, zh: &'static str, en: &'static str) -> Field {
    field(key, FieldType::Text, zh, en)
}

/// Names of rows of `shapan_attachment`: photos and papers that lie in the district file itself.
const fn attachments() -> Field {
    field(ATTACHMENTS, FieldType::Words, "附件", "Attachments")
}
