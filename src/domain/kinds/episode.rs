//! High values that somebody had to act on, and the rules by which they are found.

use super::{Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name};

choices! {
    /// How far an episode has come. What may follow what stands in `domain::episode`.
    EpisodeState of Episode "state" {
        Open = choice("open", "待签收", "open").also(&["预警", "未签收"]),
        Acknowledged = choice("acknowledged", "已签收", "acknowledged").also(&["签收", "响应"]),
        OnSite = choice("on_site", "已到场", "on site").also(&["到场", "到场排查"]),
        Handled = choice("handled", "已处置", "handled").also(&["处置", "反馈", "已反馈"]),
        Checked = choice("checked", "已核查", "checked").also(&["核查", "复核"]),
        Closed = choice("closed", "已结案", "closed").also(&["结案", "销号"]),
        False = choice("false", "误报", "false alarm"),
        Regional = choice("regional", "区域性", "regional"),
    }
}

choices! {
    /// Why an alarm was false.
    FalseCause of Episode "false_cause" {
        Instrument = choice("instrument", "仪器", "instrument"),
        Weather = choice("weather", "天气", "weather"),
        Dust = choice("dust", "沙尘", "dust"),
        Unknown = choice("unknown", "不明", "unknown"),
    }
}

choices! {
    /// At which moment the clock of an hour begins.
    ClockStart of Episode "clock_from" {
        Alerted = choice("alerted", "预警发出", "alert"),
        Arrived = choice("arrived", "数据到达", "arrival of the data"),
        Dispatched = choice("dispatched", "交办", "dispatch"),
    }
}

choices! {
    /// Of which pollutants an episode is.
    EpisodeFamily of Episode "family" {
        Particles = choice("particles", "颗粒物", "particles"),
        Gases = choice("gases", "气态污染物", "gases"),
    }
}

choices! {
    /// The pollutant of a rule.
    AlarmPollutant of AlarmRule "pollutant" {
        Pm25 = choice("pm25", "PM2.5", "PM2.5").also(&["PM25", "细颗粒物"]),
        Pm10 = choice("pm10", "PM10", "PM10").also(&["颗粒物"]),
        So2 = choice("so2", "SO2", "SO2").also(&["二氧化硫"]),
        No2 = choice("no2", "NO2", "NO2").also(&["二氧化氮"]),
        Co = choice("co", "CO", "CO").also(&["一氧化碳"]),
        O3 = choice("o3", "O3", "O3").also(&["臭氧"]),
    }
}

/// A high value that was a matter of dispatch, and what people did about it. What the rules find now
/// is computed from the readings and never written over it (`analysis::episodes`). Moments are UTC as
/// `2026-11-29T02:03:00Z`.
pub const EPISODE: Definition = Definition {
    key: "episode",
    label: Text::new("高值处置", "Episodes"),
    shape: Shape::Line,
    has_place: false,
    subkind: "state",
    fields: &[
        code(),
        name(),
        field("state", FieldType::Choice(EpisodeState::CHOICES), "状态", "State"),
        // The id of the place whose readings they are.
        field("station", FieldType::Text, "站点", "Station"),
        field("family", FieldType::Choice(EpisodeFamily::CHOICES), "污染物类", "Family"),
        // What the rule found when it fired: never changed afterwards.
        field("pollutant", FieldType::Text, "污染物", "Pollutant"),
        field("begins_at", FieldType::Text, "小时起", "Hour begins at").unit("UTC"),
        field("value", FieldType::Real { min: 0.0, max: 1e6 }, "预警值", "Value at the alert"),
        field("before", FieldType::Real { min: 0.0, max: 1e6 }, "前一小时", "The hour before"),
        field(
            "neighbours",
            FieldType::Real { min: 0.0, max: 1e6 },
            "其他站中位",
            "Median of others",
        ),
        field("rules", FieldType::Text, "规则版本", "Version of the rules"),
        // Moments.
        field("arrived_at", FieldType::Text, "数据到达", "Data arrived at").unit("UTC"),
        field("alerted_at", FieldType::Text, "预警发出", "Alerted at").unit("UTC"),
        field("clock_from", FieldType::Choice(ClockStart::CHOICES), "计时起点", "Clock from"),
        field("acknowledged_at", FieldType::Text, "签收时间", "Acknowledged at").unit("UTC"),
        field("acknowledged_by", FieldType::Text, "签收人", "Acknowledged by"),
        // The last time that somebody said that they hear it.
        field("heard_at", FieldType::Text, "最近应答", "Heard at").unit("UTC"),
        field("dispatched_at", FieldType::Text, "交办时间", "Dispatched at").unit("UTC"),
        field("on_site_at", FieldType::Text, "到场时间", "On site at").unit("UTC"),
        field("handled_at", FieldType::Text, "处置时间", "Handled at").unit("UTC"),
        field("checked_at", FieldType::Text, "核查时间", "Checked at").unit("UTC"),
        field("closed_at", FieldType::Text, "结束时间", "Ended at").unit("UTC"),
        field("closed_by", FieldType::Text, "结束人", "Ended by"),
        field("reopened_at", FieldType::Text, "恢复时间", "Opened again at").unit("UTC"),
        field(
            "false_cause",
            FieldType::Choice(FalseCause::CHOICES),
            "误报原因",
            "Why it was false",
        ),
        field("shelved_until", FieldType::Text, "搁置至", "Shelved until").unit("UTC"),
        field("shelved_by", FieldType::Text, "搁置人", "Shelved by"),
        field("shelved_because", FieldType::Text, "搁置原因", "Shelved because"),
        // What was found where people went; empty where nothing was.
        field("found", FieldType::Text, "查实问题", "Found"),
        field("orders", FieldType::Words, "调度令", "Orders"),
        // To whom orders went, each once.
        field("departments", FieldType::Words, "交办部门", "Departments"),
        field("replies", FieldType::Words, "反馈", "Replies"),
        // Sources that somebody ruled out: the id and why.
        field("ruled_out", FieldType::Words, "排除的源", "Sources ruled out"),
        // Ids of the items of the ledger that came of it.
        field("records", FieldType::Words, "关联对象", "Records"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};

/// A threshold that differs from the usual one, of a pollutant at a station or everywhere.
pub const ALARM_RULE: Definition = Definition {
    key: "alarm_rule",
    label: Text::new("预警规则", "Alarm rules"),
    shape: Shape::Line,
    has_place: false,
    subkind: "pollutant",
    fields: &[
        code(),
        name(),
        field("pollutant", FieldType::Choice(AlarmPollutant::CHOICES), "污染物", "Pollutant"),
        // The id of a station; of all where nothing is said.
        field("station", FieldType::Text, "站点", "Station"),
        field("rise", FieldType::Real { min: 0.0, max: 1e5 }, "环比升幅", "Rise")
            .unit("µg/m³, CO mg/m³"),
        field("rise_ratio", FieldType::Real { min: 1.0, max: 100.0 }, "环比倍数", "Rise, times"),
        field("excess", FieldType::Real { min: 0.0, max: 1e5 }, "高于区域", "Above the others")
            .unit("µg/m³, CO mg/m³"),
        field(
            "excess_ratio",
            FieldType::Real { min: 1.0, max: 100.0 },
            "高于区域倍数",
            "Above the others, times",
        ),
        field("limit", FieldType::Real { min: 0.0, max: 1e5 }, "超标限值", "Limit")
            .unit("µg/m³, CO mg/m³"),
        field("limit_clears", FieldType::Real { min: 0.0, max: 1.0 }, "解除比例", "Clears below")
            .unit("× limit"),
        field("rise_left", FieldType::Real { min: 0.0, max: 1.0 }, "剩余升幅", "Rise left")
            .unit("× rise"),
        // Of a record without a pollutant, for the whole district.
        field(
            "regional_share",
            FieldType::Real { min: 0.0, max: 1.0 },
            "区域性占比",
            "Regional from",
        )
        .unit("× stations"),
        // The same: nearer to a station nobody is asked to spray.
        field(
            "spray_clear_m",
            FieldType::Real { min: 0.0, max: 5000.0 },
            "禁洒距离",
            "No spraying within",
        )
        .unit("m"),
        field("note", FieldType::Text, "备注", "Note"),
        attachments(),
    ],
};
