//! A small world for tests: around the national station of Fengrun, the rest made up.

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, Point, Polygon};
use jiff::Timestamp;

use crate::domain::{Extra, Fields, Ids, Kind, Meta, Record, Value, World};

/// Near the national station of Fengrun, WGS-84 degrees.
pub const CENTER: Coord<f64> = Coord { x: 118.1562, y: 39.8322 };

/// East and north of the centre, metres; good enough for a picture.
pub fn place(east_m: f64, north_m: f64) -> Coord<f64> {
    Coord { x: CENTER.x + east_m / 85_500.0, y: CENTER.y + north_m / 111_030.0 }
}

/// A line through places given as east and north of the centre, metres.
pub fn line(points: &[(f64, f64)]) -> Geometry<f64> {
    LineString(points.iter().map(|(east, north)| place(*east, *north)).collect()).into()
}

/// A polygon without holes; its first corner need not be repeated.
pub fn area(points: &[(f64, f64)]) -> Geometry<f64> {
    let ring = points.iter().chain(points.first()).map(|(east, north)| place(*east, *north));
    Polygon::new(LineString(ring.collect()), Vec::new()).into()
}

/// A point so many metres east and north of the centre.
pub fn point(east_m: f64, north_m: f64) -> Geometry<f64> {
    Point(place(east_m, north_m)).into()
}

/// Fields are written as a file would.
///
/// # Panics
/// On a field that there is not, or a value that it cannot hold.
pub fn record(
    ids: &mut Ids,
    kind: Kind,
    fields: &[(&str, &str)],
    at: Option<Geometry<f64>>,
) -> Record {
    let mut record = Record {
        id: ids.next(),
        kind,
        geometry: at,
        fields: Fields::default(),
        extra: None,
        meta: Meta {
            created_at: Timestamp::UNIX_EPOCH,
            created_by: "test".into(),
            changed_at: Timestamp::UNIX_EPOCH,
            changed_by: "test".into(),
            source: None,
        },
    };
    for (key, text) in fields {
        let field = kind.field(key).unwrap_or_else(|| panic!("no field {key}"));
        record.set(key, Value::parse(field, text).unwrap());
    }
    record
}

/// Ids that are the same in each run.
pub fn ids() -> Ids {
    Ids::new(Timestamp::UNIX_EPOCH, 7)
}

/// A site at the centre.
pub fn site(kind: &str, name: &str, fields: &[(&str, &str)]) -> Record {
    let all: Vec<(&str, &str)> =
        [("kind", kind), ("name", name)].into_iter().chain(fields.iter().copied()).collect();
    record(&mut ids(), Kind::Site, &all, Some(point(0.0, 0.0)))
}

type SampleRow<'a> = (Kind, &'a [(&'a str, &'a str)], Option<Geometry<f64>>);

/// Something of every kind.
pub fn world() -> World {
    let mut ids = ids();
    let mut records: Vec<Record> = Vec::new();
    let mut add =
        |(kind, fields, at): SampleRow<'_>| records.push(record(&mut ids, kind, fields, at));
    areas(&mut add);
    roads(&mut add);
    measures(&mut add);
    points(&mut add);
    pen_marks(&mut add);
    sites(&mut add);
    let last = records.len() - 1;
    let example: Extra = [("示例".to_owned(), true.into())].into_iter().collect();
    records[last].extra = Some(Arc::new(example));
    records.into_iter().collect()
}

fn areas(add: &mut dyn FnMut(SampleRow<'_>)) {
    let area_of = |points| Some(area(points));
    add((
        Kind::Area,
        &[("name", "丰润区"), ("role", "区县")],
        area_of(&[
            (-5200.0, -3300.0),
            (-4700.0, 2900.0),
            (-1500.0, 3600.0),
            (3300.0, 3300.0),
            (5600.0, 1500.0),
            (5000.0, -2600.0),
            (900.0, -3500.0),
        ]),
    ));
    add((
        Kind::Area,
        &[("name", "太平路街道"), ("role", "乡镇")],
        area_of(&[(-1500.0, -1200.0), (-1500.0, 1700.0), (1600.0, 1900.0), (1600.0, -1200.0)]),
    ));
    add((
        Kind::Area,
        &[("name", "燕山路街道"), ("role", "乡镇")],
        area_of(&[(1600.0, -1200.0), (1600.0, 1900.0), (4700.0, 1500.0), (4500.0, -1500.0)]),
    ));
    add((
        Kind::Area,
        &[("name", "浭阳街道"), ("role", "乡镇")],
        area_of(&[(-4700.0, -1200.0), (-4400.0, 2500.0), (-1500.0, 1700.0), (-1500.0, -1200.0)]),
    ));
    add((
        Kind::Area,
        &[("name", "环线以内"), ("role", "环线")],
        area_of(&[(-2600.0, -1900.0), (-2600.0, 2200.0), (2700.0, 2300.0), (2800.0, -1900.0)]),
    ));
}

fn roads(add: &mut dyn FnMut(SampleRow<'_>)) {
    let mut road = |name: &str, number: &str, class: &str, points: &[(f64, f64)]| {
        let fields = [("name", name), ("ref", number), ("class", class)];
        add((Kind::Road, &fields, Some(line(points))));
    };
    road(
        "102国道",
        "G102",
        "trunk",
        &[(-6000.0, 900.0), (-2000.0, 760.0), (300.0, 700.0), (2500.0, 900.0), (6200.0, 1700.0)],
    );
    road(
        "112国道",
        "G112",
        "trunk",
        &[(-5800.0, -2700.0), (-2500.0, -2200.0), (1500.0, -2350.0), (6000.0, -1900.0)],
    );
    road(
        "曹雪芹大街",
        "",
        "primary",
        &[(-3900.0, 60.0), (-800.0, 30.0), (1200.0, -20.0), (4300.0, -60.0)],
    );
    road("公园道", "", "secondary", &[(-3000.0, -700.0), (0.0, -760.0), (3200.0, -800.0)]);
    road("燕山路", "", "primary", &[(1000.0, 3000.0), (950.0, 400.0), (980.0, -3000.0)]);
    road("太平路", "", "secondary", &[(-700.0, 2300.0), (-650.0, 300.0), (-720.0, -2200.0)]);
    road("新城道", "", "secondary", &[(2300.0, 2500.0), (2250.0, 0.0), (2300.0, -2300.0)]);
    road("丰董线", "S262", "primary", &[(-2600.0, 3300.0), (-2400.0, 800.0), (-2800.0, -3200.0)]);
    road("唐丰快速路", "", "motorway", &[(4200.0, 3400.0), (3900.0, 0.0), (3600.0, -3400.0)]);
    for i in -6..=6 {
        let y = f64::from(i) * 280.0 + 120.0;
        road("", "", "residential", &[(-1900.0, y), (1900.0, y + 30.0)]);
        let x = f64::from(i) * 300.0 + 60.0;
        road(
            "",
            "",
            if i % 3 == 0 { "tertiary" } else { "residential" },
            &[(x, -1700.0), (x - 20.0, 1800.0)],
        );
    }
    road("村道", "", "track", &[(-4800.0, -2000.0), (-3600.0, -1600.0), (-3100.0, -2900.0)]);
}

fn measures(add: &mut dyn FnMut(SampleRow<'_>)) {
    add((
        Kind::Sweeping,
        &[("name", "曹雪芹大街洗扫"), ("method", "洗扫")],
        Some(line(&[(-1500.0, 110.0), (1700.0, 60.0)])),
    ));
    add((
        Kind::Congestion,
        &[("name", "102国道西口拥堵"), ("cause", "拥堵"), ("trucks_per_hour", "220")],
        Some(line(&[(-2300.0, 770.0), (-1000.0, 735.0)])),
    ));
    add((
        Kind::Congestion,
        &[("name", "物流园门口怠速"), ("cause", "怠速"), ("trucks_per_hour", "60")],
        Some(line(&[(2600.0, 920.0), (3100.0, 1010.0)])),
    ));
    let mut restriction = |name: &str, kind: &str, state: &str, at: Geometry<f64>| {
        add((Kind::Restriction, &[("name", name), ("kind", kind), ("state", state)], Some(at)));
    };
    restriction(
        "102国道城区段禁行",
        "禁行",
        "生效",
        line(&[(-750.0, 715.0), (300.0, 700.0), (1900.0, 850.0)]),
    );
    restriction(
        "公园道限行",
        "限行",
        "拟定",
        line(&[(-1400.0, -740.0), (0.0, -760.0), (1900.0, -785.0)]),
    );
    restriction("太平路单行", "单行", "生效", line(&[(-650.0, 300.0), (-720.0, -2200.0)]));
    restriction(
        "经112国道绕行",
        "绕行",
        "生效",
        line(&[
            (-2500.0, 700.0),
            (-2700.0, -1900.0),
            (-2500.0, -2200.0),
            (1500.0, -2350.0),
            (3700.0, -2200.0),
        ]),
    );
    restriction(
        "货车限行区",
        "限行",
        "草案",
        area(&[(1100.0, 1100.0), (1100.0, 2200.0), (2200.0, 2200.0), (2200.0, 1100.0)]),
    );
}

fn pen_marks(add: &mut dyn FnMut(SampleRow<'_>)) {
    let mut mark = |name: &str, form: &str, tone: &str, at: Geometry<f64>| {
        add((Kind::PenMark, &[("name", name), ("form", form), ("tone", tone)], Some(at)));
    };
    let curve = [(-2200.0, -1200.0), (-1900.0, -900.0), (-1500.0, -1150.0), (-1100.0, -900.0)];
    mark("", "freehand", "act", line(&curve));
    mark("从这里绕", "arrow", "calm", line(&[(2500.0, -1200.0), (1900.0, -1900.0)]));
    let ring = crate::geodesy::ring::ring(place(2000.0, 1650.0), 420.0);
    mark("重点", "circle", "watch", ring.into());
    mark("先查这里", "text", "ink", point(-3300.0, 1800.0));
}

fn points(add: &mut dyn FnMut(SampleRow<'_>)) {
    let mut point_of = |name: &str, level: &str, more: (&str, &str), east: f64, north: f64| {
        add((
            Kind::ControlPoint,
            &[("name", name), ("level", level), more],
            Some(point(east, north)),
        ));
    };
    point_of("丰润区政府", "国控", ("code", "3576A"), 0.0, 0.0);
    point_of("实验小学站", "省控", ("code", "S1"), 2350.0, -380.0);
    point_of("车轴山中学站", "市控", ("code", "M1"), -2950.0, 350.0);
    point_of("七树庄镇站", "乡镇", ("radii_m", "300"), -3900.0, -2300.0);
    point_of("体育场微站", "微站", ("radii_m", "200"), 850.0, -1500.0);
    point_of("老站", "市控", ("state", "停运"), 4300.0, -1900.0);
    let camera = |direction, east, north| {
        (Kind::Camera, [("name", "卡口"), ("direction_deg", direction)], Some(point(east, north)))
    };
    for (kind, fields, at) in
        [camera("270", -2350.0, 830.0), camera("45", 2050.0, 820.0), camera("180", 1040.0, -2250.0)]
    {
        add((kind, &fields, at));
    }
    add((Kind::Camera, &[("name", "未知朝向")], Some(point(-1200.0, -1700.0))));
    for (name, role, east, north) in
        [("西口", "gate", -4600.0, 900.0), ("物流园", "generator", 3100.0, -2000.0)]
    {
        add((Kind::Gate, &[("name", name), ("role", role)], Some(point(east, north))));
    }
    let item = [("name", "裸土未苫盖"), ("state", "交办")];
    add((Kind::Item, &item, Some(point(900.0, -900.0))));
    let weather = [("name", "气象站"), ("source", "measured")];
    add((Kind::WeatherStation, &weather, Some(point(-700.0, 1900.0))));
}

fn sites(add: &mut dyn FnMut(SampleRow<'_>)) {
    const SITES: [(&str, &str, &str, f64, f64); 32] = [
        ("工地", "浭阳新城二期", "wash=不合格", 310.0, 330.0),
        ("工地", "御景园三标段", "wash=合格", -330.0, 260.0),
        ("工地", "地铁小区改造", "", 620.0, -420.0),
        ("餐饮", "老字号饭庄", "fume_test_result=不合格", -210.0, -190.0),
        ("餐饮", "燕山涮肉", "fume_test_result=合格", 140.0, -300.0),
        ("餐饮", "川湘小馆", "fume_test_result=合格", 420.0, 60.0),
        ("餐饮", "早点铺", "", 455.0, 75.0),
        ("企业", "轨道客车配件厂", "", 1700.0, 420.0),
        ("企业", "水泥制品厂", "", -1900.0, 1500.0),
        ("停车场", "物流园停车场", "", 2950.0, 760.0),
        ("停车场", "区政府停车场", "", -130.0, 90.0),
        ("堆场", "砂石料场", "", -3300.0, -900.0),
        ("汽修", "顺达汽修", "", 1250.0, -1050.0),
        ("汽修", "路路通汽修", "", -1350.0, 420.0),
        ("裸土", "拆迁空地", "", -820.0, -1000.0),
        ("矿山", "车轴山采石场", "", -4200.0, 1900.0),
        ("加油站", "中石化丰润一站", "", 1600.0, -160.0),
        ("加油站", "中石油南关站", "", -950.0, -520.0),
        ("锅炉", "供热锅炉房", "", 520.0, 980.0),
        ("焚烧点", "河滩焚烧点", "", 3200.0, -1500.0),
        ("建筑", "政务中心大楼", "", 60.0, 180.0),
        ("学校", "实验小学", "", 2520.0, -520.0),
        ("医院", "区人民医院", "", -520.0, 640.0),
        ("其他", "废品收购站", "", 3500.0, -300.0),
        ("餐饮", "聚福楼", "fume_test_result=合格", 700.0, -640.0),
        ("餐饮", "小吃街一号", "fume_test_result=合格", -420.0, -610.0),
        ("餐饮", "小吃街二号", "fume_test_result=未查", -400.0, -618.0),
        ("餐饮", "小吃街三号", "fume_test_result=不合格", -385.0, -605.0),
        ("工地", "万达广场", "wash=合格", 2700.0, 240.0),
        ("工地", "高铁新区A地块", "cover=不合格", 3050.0, 1900.0),
        ("企业", "热电厂", "", -1750.0, -1500.0),
        ("其他", "煤场旧址", "", -3050.0, 1250.0),
    ];
    for (kind, name, fact, east, north) in SITES {
        let fact = fact.split_once('=').unwrap_or(("address", ""));
        add((Kind::Site, &[("name", name), ("kind", kind), fact], Some(point(east, north))));
    }
    add((
        Kind::Site,
        &[("name", "凤凰城工地"), ("kind", "工地"), ("cover", "不合格")],
        Some(area(&[(1150.0, 150.0), (1150.0, 480.0), (1480.0, 500.0), (1500.0, 140.0)])),
    ));
    add((Kind::Site, &[("name", "未定位的堆场"), ("kind", "堆场")], None));
    add((
        Kind::Site,
        &[("name", "示范渣土场"), ("kind", "堆场")],
        Some(area(&[(-2200.0, -700.0), (-2250.0, -250.0), (-1750.0, -280.0), (-1800.0, -720.0)])),
    ));
}
