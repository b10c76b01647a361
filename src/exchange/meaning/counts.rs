//! What a person should know about a file beside its bad rows.

use crate::domain::{LocalizedText, Text};

/// What the warnings count.
#[derive(Debug, Default)]
pub struct Counts {
    pub repaired: u64,
    pub swapped: u64,
    pub outside: u64,
    pub far_buildings: u64,
    pub nameless: u64,
    /// Rows of a sheet that are called by their remarks.
    pub remarked: u64,
    pub whole_degrees: u64,
    /// Orders of tables without a column for their hours, which hold all day.
    pub hourless: u64,
}

impl Counts {
    /// A line for each that is not zero.
    pub fn warnings(&self) -> Vec<LocalizedText> {
        let lines = [
            (self.whole_degrees, WHOLE_DEGREES),
            (self.swapped, SWAPPED),
            (self.repaired, REPAIRED),
            (self.outside, OUTSIDE),
            (self.far_buildings, FAR_BUILDINGS),
            (self.nameless, NAMELESS),
            (self.remarked, REMARKED),
            (self.hourless, HOURLESS),
        ];
        let lines = lines.into_iter().filter(|(count, _)| *count > 0);
        let said = |(count, Text { zh, en })| {
            LocalizedText::new(format!("{count} {zh}"), format!("{count} {en}"))
        };
        lines.map(said).collect()
    }
}

const SWAPPED: Text = Text::new(
    "行的 X 是北坐标，已调换为东坐标在前",
    "rows call the northing X; the easting was put first",
);
const REPAIRED: Text = Text::new(
    "个多边形自相交，已自动修复，请核对",
    "polygons crossed themselves and were repaired by the even-odd rule",
);
const OUTSIDE: Text = Text::new(
    "个要素在本区边界之外，未导入",
    "features outside the district's outline were left out",
);
const FAR_BUILDINGS: Text = Text::new(
    "座建筑距各控制点都超过 500 米，未导入",
    "buildings farther than 500 m from any control point were left out",
);
const NAMELESS: Text = Text::new(
    "个对象没有名称，已用文件名和序号命名；名称在别的列时请用 --map name=列名",
    "nameless things were called by the file and their number; where a column holds their names, say --map name=COLUMN",
);
const REMARKED: Text = Text::new(
    "个对象没有名称，已用“备注”等列的内容作名称；名称在别的列时请用 --map name=列名",
    "nameless things were called by what is remarked of them; where a column holds their names, say --map name=COLUMN",
);
const WHOLE_DEGREES: Text = Text::new(
    "行的经纬度都是整数度，位置可能差几十公里；分、秒在别的列时请用 --map lon_minutes=列名 等指明",
    "rows have whole degrees, which may be tens of kilometres off; where columns hold minutes and seconds, say --map lon_minutes=COLUMN and the like",
);
const HOURLESS: Text = Text::new(
    "条管控所在的表没有识别出时段列，按全天有效；时段在别的列时请用 --map hours=列名",
    "orders are in a table without a column for hours and hold all day; where a column has them, say --map hours=COLUMN",
);
