//! Coordinate systems ↔ well-known text, as `.prj` files and `GeoPackage` files state them.
//!
//! Reads the dialects of ESRI, of OGC 01-009 (WKT 1) and of OGC 18-010 (WKT 2) as far as they say
//! longitude/latitude, transverse Mercator or Web Mercator on WGS-84 or CGCS2000. Everything else
//! is `None`: an unknown system must be refused, not guessed.

use super::crs::Crs;
use super::projection::{self, Ellipsoid, TransverseMercator};

/// A text longer or deeper than this is no coordinate system.
const MAX_BYTES: usize = 1 << 16;
const MAX_DEPTH: usize = 32;

impl Crs {
    /// `None` for what is not known here; `GCJ-02` and `BD-09` are read as this program writes them.
    pub fn from_wkt(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.contains(['[', '(']) {
            return text.parse().ok();
        }
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut parser = Parser { rest: text };
        let root = parser.node(0)?;
        crs(&root)
    }

    /// Well-known text in ESRI's dialect, which shapefiles hold and everything reads. The shifted
    /// datums have none: they are written as a local system, so that nothing takes them for WGS-84.
    pub fn to_wkt(&self) -> String {
        match self {
            Self::Wgs84 => geographic(&projection::WGS84).to_owned(),
            Self::Cgcs2000 => geographic(&projection::CGCS2000).to_owned(),
            Self::Gcj02 => local("GCJ-02"),
            Self::Bd09 => local("BD-09"),
            Self::WebMercator => format!(
                "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\",{},\
                 PROJECTION[\"Mercator_Auxiliary_Sphere\"],PARAMETER[\"False_Easting\",0.0],\
                 PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",0.0],\
                 PARAMETER[\"Standard_Parallel_1\",0.0],PARAMETER[\"Auxiliary_Sphere_Type\",0.0],\
                 UNIT[\"Meter\",1.0]]",
                geographic(&projection::WGS84)
            ),
            Self::TransverseMercator(tm) => format!(
                "PROJCS[\"{}\",{},PROJECTION[\"{}\"],PARAMETER[\"False_Easting\",{:?}],\
                 PARAMETER[\"False_Northing\",{:?}],PARAMETER[\"Central_Meridian\",{:?}],\
                 PARAMETER[\"Scale_Factor\",{:?}],PARAMETER[\"Latitude_Of_Origin\",{:?}],\
                 UNIT[\"Meter\",1.0]]",
                self.esri_name(tm),
                geographic(tm.ellipsoid),
                if is_close(tm.scale, 1.0) { "Gauss_Kruger" } else { "Transverse_Mercator" },
                tm.false_easting_m,
                tm.false_northing_m,
                tm.central_meridian_deg,
                tm.scale,
                tm.latitude_of_origin_deg,
            ),
        }
    }

    fn esri_name(&self, tm: &TransverseMercator) -> String {
        let meridian = tm.central_meridian_deg;
        match self.epsg() {
            Some(code @ 4513..=4533) => format!("CGCS2000_3_Degree_GK_Zone_{}", code - 4488),
            Some(4534..=4554) => format!("CGCS2000_3_Degree_GK_CM_{meridian}E"),
            Some(code @ 4491..=4501) => format!("CGCS2000_GK_Zone_{}", code - 4478),
            Some(4502..=4512) => format!("CGCS2000_GK_CM_{meridian}E"),
            Some(code @ 32601..=32660) => format!("WGS_1984_UTM_Zone_{}N", code - 32600),
            Some(code @ 32701..=32760) => format!("WGS_1984_UTM_Zone_{}S", code - 32700),
            _ => "Transverse_Mercator".to_owned(),
        }
    }
}

fn geographic(ellipsoid: &Ellipsoid) -> &'static str {
    if *ellipsoid == projection::CGCS2000 {
        "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",\
         SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],\
         UNIT[\"Degree\",0.0174532925199433]]"
    } else {
        "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",\
         SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],\
         UNIT[\"Degree\",0.0174532925199433]]"
    }
}

fn local(name: &str) -> String {
    format!("LOCAL_CS[\"{name}\",LOCAL_DATUM[\"{name}\",0],UNIT[\"Degree\",0.0174532925199433]]")
}

/// `NAME["text",1.0,CHILD[…]]`, names in upper case.
#[derive(Debug, Default)]
struct WktNode {
    name: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    children: Vec<WktNode>,
}

impl WktNode {
    fn child(&self, names: &[&str]) -> Option<&Self> {
        self.children.iter().find(|child| names.contains(&child.name.as_str()))
    }

    /// The first one anywhere below.
    fn find(&self, names: &[&str]) -> Option<&Self> {
        self.child(names).or_else(|| self.children.iter().find_map(|child| child.find(names)))
    }

    fn title(&self) -> &str {
        self.texts.first().map_or("", String::as_str)
    }

    /// `AUTHORITY["EPSG","4548"]` or `ID["EPSG",4548]` of this very node.
    fn epsg(&self) -> Option<u32> {
        let id = self.child(&["AUTHORITY", "ID"])?;
        let code = id.texts.get(1).and_then(|code| code.parse().ok());
        let code = code.or_else(|| id.numbers.first().map(|code| *code as u32));
        code.filter(|_| id.title().eq_ignore_ascii_case("EPSG"))
    }
}

fn crs(node: &WktNode) -> Option<Crs> {
    match node.name.as_str() {
        "GEOGCS" | "GEOGCRS" | "GEODCRS" | "GEOGRAPHICCRS" | "GEODETICCRS" | "BASEGEOGCRS"
        | "BASEGEODCRS" => geographic_crs(node),
        "PROJCS" | "PROJCRS" | "PROJECTEDCRS" => projected_crs(node),
        "COMPD_CS" | "COMPOUNDCRS" => node.children.iter().find_map(crs),
        "BOUNDCRS" => crs(node.child(&["SOURCECRS"])?.children.first()?),
        "LOCAL_CS" | "ENGCRS" | "ENGINEERINGCRS" => shifted(node.title()),
        _ => None,
    }
}

fn shifted(name: &str) -> Option<Crs> {
    name.parse().ok().filter(|crs| matches!(crs, Crs::Gcj02 | Crs::Bd09))
}

fn geographic_crs(node: &WktNode) -> Option<Crs> {
    let datum = node.child(&["DATUM", "GEODETICDATUM", "ENSEMBLE", "TRF"]);
    // Some tools here invent a GEOGCS for the shifted datums, on whatever ellipsoid.
    for name in [Some(node.title()), datum.map(WktNode::title)].into_iter().flatten() {
        if let Some(crs) = shifted(name.trim_start_matches("GCS_").trim_start_matches("D_")) {
            return Some(crs);
        }
    }
    if let Some(crs) = node.epsg().and_then(Crs::from_epsg) {
        return (!crs.is_projected()).then_some(crs);
    }
    let datum = datum?;
    let moved = datum.child(&["TOWGS84"]).is_some_and(|to| to.numbers.iter().any(|n| *n != 0.0));
    let meridian = node.find(&["PRIMEM", "PRIMEMERIDIAN"]).and_then(|at| at.numbers.first());
    let unit = node.find(&["UNIT", "ANGLEUNIT"]).and_then(|unit| unit.numbers.first());
    let is_degree = unit.is_none_or(|unit| (unit - 1_f64.to_radians()).abs() < 1e-9);
    if moved || meridian.is_some_and(|at| *at != 0.0) || !is_degree {
        return None;
    }
    let ellipsoid = datum.find(&["SPHEROID", "ELLIPSOID"])?;
    let &[semi_major_m, inverse_flattening, ..] = ellipsoid.numbers.as_slice() else { return None };
    let is = |known: &Ellipsoid| {
        (semi_major_m - known.semi_major_m).abs() < 0.01
            && (inverse_flattening - known.inverse_flattening).abs() < 5e-7
    };
    if is(&projection::WGS84) {
        Some(Crs::Wgs84)
    } else {
        is(&projection::CGCS2000).then_some(Crs::Cgcs2000)
    }
}

fn projected_crs(node: &WktNode) -> Option<Crs> {
    if let Some(crs) = node.epsg().and_then(Crs::from_epsg) {
        return crs.is_projected().then_some(crs);
    }
    let base = crs(node.child(&["GEOGCS", "BASEGEOGCRS", "BASEGEODCRS"])?)?;
    if !matches!(base, Crs::Wgs84 | Crs::Cgcs2000) || !is_in_metres(node) {
        return None;
    }
    let conversion = node.child(&["CONVERSION"]).unwrap_or(node);
    let method = plain(conversion.child(&["PROJECTION", "METHOD"])?.title());
    let parameter = |names: &[&str], otherwise: f64| {
        let named = |child: &&WktNode| {
            child.name == "PARAMETER" && names.contains(&plain(child.title()).as_str())
        };
        let found = conversion.children.iter().find(named);
        found.and_then(|child| child.numbers.first().copied()).unwrap_or(otherwise)
    };
    let meridian = ["centralmeridian", "longitudeofnaturalorigin", "longitudeoforigin"];
    let tm = TransverseMercator {
        ellipsoid: base.ellipsoid(),
        central_meridian_deg: parameter(&meridian, 0.0),
        latitude_of_origin_deg: parameter(&["latitudeoforigin", "latitudeofnaturalorigin"], 0.0),
        scale: parameter(&["scalefactor", "scalefactoratnaturalorigin"], 1.0),
        false_easting_m: parameter(&["falseeasting"], 0.0),
        false_northing_m: parameter(&["falsenorthing"], 0.0),
    };
    match method.as_str() {
        "transversemercator" | "gausskruger" => is_sane(&tm).then_some(Crs::TransverseMercator(tm)),
        "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => {
            let is_plain = tm.central_meridian_deg == 0.0
                && tm.false_easting_m == 0.0
                && tm.false_northing_m == 0.0;
            is_plain.then_some(Crs::WebMercator)
        }
        _ => None,
    }
}

fn is_in_metres(node: &WktNode) -> bool {
    let unit = node.child(&["UNIT", "LENGTHUNIT"]).or_else(|| {
        let axis = node.child(&["AXIS"])?;
        axis.child(&["LENGTHUNIT"])
    });
    unit.and_then(|unit| unit.numbers.first()).is_none_or(|unit| is_close(*unit, 1.0))
}

/// Units and scales are written with at most a dozen digits.
fn is_close(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-12
}

fn is_sane(tm: &TransverseMercator) -> bool {
    tm.central_meridian_deg.abs() <= 180.0
        && tm.latitude_of_origin_deg.abs() < 90.0
        && (0.5..2.0).contains(&tm.scale)
        && tm.false_easting_m.abs() < 1e9
        && tm.false_northing_m.abs() < 1e9
}

/// Letters and digits in lower case: dialects differ in the rest.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn skip(&mut self, wanted: &[char]) -> Option<char> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = self.rest.get(first.len_utf8()..)?;
        Some(first)
    }

    fn word(&mut self) -> &str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(['[', '(', ',', ']', ')', '"']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.trim_end()
    }

    fn text(&mut self) -> Option<String> {
        self.skip(&['"'])?;
        let mut text = String::new();
        loop {
            let (part, rest) = self.rest.split_once('"')?;
            text.push_str(part);
            self.rest = rest;
            // A doubled quote stands for one.
            if self.rest.starts_with('"') {
                text.push('"');
                self.skip(&['"']);
            } else {
                return Some(text);
            }
        }
    }

    fn node(&mut self, depth: usize) -> Option<WktNode> {
        let name = self.word().to_ascii_uppercase();
        if name.is_empty() || depth > MAX_DEPTH {
            return None;
        }
        self.skip(&['[', '('])?;
        let mut node = WktNode { name, ..WktNode::default() };
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.starts_with('"') {
                node.texts.push(self.text()?);
            } else {
                let before = self.rest;
                let word = self.word().to_owned();
                if self.rest.starts_with(['[', '(']) {
                    self.rest = before;
                    node.children.push(self.node(depth + 1)?);
                } else if let Ok(number) = word.parse() {
                    node.numbers.push(number);
                } // and bare words such as NORTH say nothing here
            }
            if self.skip(&[',']).is_none() {
                return self.skip(&[']', ')']).map(|_| node);
            }
        }
    }
}
