//! Weather stations, and deliveries of readings.

use super::{
    Definition, FieldType, Shape, Text, attachments, choice, choices, code, field, name, township,
};

choices! {
    /// How the values of a weather station come to be. One of which nothing is said measures.
    WeatherSource of WeatherStation "source" {
        Measured = choice("measured", "实测", "measured").also(&["观测", "自动站"]),
        /// Of a weather model at a point of its grid: for judgement, never for an alarm.
        Modelled = choice("modelled", "模式", "modelled").also(&["预报模式", "网格"]),
    }
}

choices! {
    /// Whether the readings of a delivery count.
    DeliveryState of Delivery "state" {
        InForce = choice("in_force", "有效", "in force"),
        /// A mistake: its readings are kept, and count no more.
        Withdrawn = choice("withdrawn", "已撤回", "withdrawn"),
    }
}

/// Where wind, temperature and the like are measured.
pub const WEATHER_STATION: Definition = Definition {
    key: "weather_station",
    label: Text::new("气象站", "Weather stations"),
    shape: Shape::Point,
    has_place: true,
    subkind: "source",
    fields: &[
        code(),
        name(),
        field("source", FieldType::Choice(WeatherSource::CHOICES), "数据来源", "Source of values"),
        township(),
        field(
            "anemometer_height_m",
            FieldType::Real { min: 0.0, max: 500.0 },
            "测风高度",
            "Anemometer height",
        )
        .unit("m")
        .also(&["风速仪高度"]),
        attachments(),
    ],
};

/// What came in at one time from one file or feed. The program writes them, beside the readings that
/// they brought (`store::readings`); nobody else makes or changes one, but for withdrawing it.
pub const DELIVERY: Definition = Definition {
    key: "delivery",
    label: Text::new("数据批次", "Deliveries of readings"),
    shape: Shape::Line,
    has_place: false,
    subkind: "state",
    fields: &[
        code(),
        // The file or the feed.
        name(),
        field("state", FieldType::Choice(DeliveryState::CHOICES), "状态", "State"),
        field("format", FieldType::Text, "格式", "Format"),
        // What its labels of hours mean, as `LabelRule` writes it.
        field("label", FieldType::Text, "时间标签", "Time label"),
        // Of the readings, UTC, as `2026-11-29T02:00:00Z`: the first start and the last end.
        field("begins_at", FieldType::Text, "起始时间", "Begins at").unit("UTC"),
        field("ends_at", FieldType::Text, "结束时间", "Ends at").unit("UTC"),
        field("places", FieldType::Integer { min: 0, max: i64::MAX }, "站点数", "Places"),
        field("rows", FieldType::Integer { min: 0, max: i64::MAX }, "行数", "Rows"),
        field("values", FieldType::Integer { min: 0, max: i64::MAX }, "数值个数", "Values"),
        // What was concluded of labels, units and columns, each with its proof.
        field("findings", FieldType::Words, "判读依据", "Findings"),
        // Of the readings as they are stored, in hexadecimal.
        field("sha256", FieldType::Text, "校验值", "SHA-256"),
        field("withdrawn_at", FieldType::Text, "撤回时间", "Withdrawn at").unit("UTC"),
        field("withdrawn_by", FieldType::Text, "撤回人", "Withdrawn by"),
        field("withdrawn_because", FieldType::Text, "撤回原因", "Withdrawn because"),
        attachments(),
    ],
};
