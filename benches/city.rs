//! A city of any size, the same on every run.

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use jiff::Timestamp;
use shapan::domain::{Ids, Kind, Record, Stamp, Value};

/// The same numbers on every run (Steele and Vigna's `SplitMix64`).
struct Dice(u64);

impl Dice {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z >> 40) as f64 / (1_u64 << 24) as f64
    }

    fn place(&mut self) -> Coord<f64> {
        Coord { x: 117.9 + 0.5 * self.share(), y: 39.6 + 0.4 * self.share() }
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let index = (self.share() * of.len() as f64) as usize;
        of.get(index).copied().unwrap_or_default()
    }
}

fn record(ids: &mut Ids, kind: Kind, at: Geometry<f64>, fields: &[(&str, &str)]) -> Record {
    let by = Stamp { actor: "bench".into(), at: Timestamp::UNIX_EPOCH };
    let mut record = Record::new(ids.next(), kind, &by);
    record.geometry = Some(at);
    for (key, text) in fields {
        let field = kind.field(key).expect("a field");
        record.set(key, Value::parse(field, text).expect("a value"));
    }
    record
}

/// So many sites, 10,000 roads of 20 vertices, 20 control points, 500 areas, around Fengrun.
pub fn records(sites: u32) -> Vec<Record> {
    const KINDS: [&str; 6] =
        ["construction", "restaurant", "enterprise", "parking", "stockpile", "building"];
    const CLASSES: [&str; 5] = ["trunk", "primary", "secondary", "tertiary", "residential"];
    let mut dice = Dice(20_261_123);
    let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
    let mut records = Vec::with_capacity(110_520);
    for number in 0..sites {
        let name = format!("点位{number}");
        let fields = [
            ("name", &*name),
            ("kind", dice.one(&KINDS)),
            ("wash", dice.one(&["合格", "不合格", "未查"])),
        ];
        records.push(record(&mut ids, Kind::Site, Point(dice.place()).into(), &fields));
    }
    for number in 0..10_000 {
        let name = format!("道路{number}");
        let mut at = dice.place();
        let mut step = || {
            at = at + Coord { x: dice.share() - 0.5, y: dice.share() - 0.5 } * 0.003;
            at
        };
        let line = LineString((0..20).map(|_| step()).collect());
        let fields = [("name", &*name), ("class", dice.one(&CLASSES))];
        records.push(record(&mut ids, Kind::Road, line.into(), &fields));
    }
    for number in 0..20 {
        let name = format!("控制点{number}");
        let fields = [("name", &*name), ("level", "国控")];
        records.push(record(&mut ids, Kind::ControlPoint, Point(dice.place()).into(), &fields));
    }
    for number in 0..500 {
        let name = format!("网格{number}");
        let center = dice.place();
        let corner = |turn: u32| {
            let (sin, cos) = (f64::from(turn) * 0.3).sin_cos();
            center + Coord { x: cos, y: sin } * 0.006
        };
        let ring = Polygon::new(LineString((0..21).map(corner).collect()), Vec::new());
        let fields = [("name", &*name), ("role", "township")];
        records.push(record(&mut ids, Kind::Area, ring.into(), &fields));
    }
    records
}
