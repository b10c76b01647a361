//! Who is to do it: a department, a squad or a township that is named in the sentence.

use std::collections::BTreeSet;

use crate::domain::{AreaRole, Kind, World};

/// An owner in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The name in full, as the office or the district has it.
    pub name: String,
    /// The bytes that say it.
    pub span: (usize, usize),
}

/// Departments of a district government, as they are called for short and in full.
const DEPARTMENTS: [(&str, &[&str]); 22] = [
    ("生态环境分局", &["生态环境局", "环保局", "生态环境", "环保"]),
    ("住建局", &["住房和城乡建设局", "住房城乡建设局", "住建"]),
    ("城管局", &["城市管理综合行政执法局", "城市管理局", "综合执法局", "城管"]),
    ("交警大队", &["公安交警大队", "交管局", "交警"]),
    ("公安分局", &["公安局", "公安"]),
    ("交通运输局", &["交通局", "交通运输"]),
    ("自然资源和规划局", &["自然资源局", "自规局", "资规局"]),
    ("市场监管局", &["市场监督管理局", "市场监管"]),
    ("农业农村局", &["农业局", "农业农村"]),
    ("工信局", &["工业和信息化局", "工信"]),
    ("发改局", &["发展和改革局", "发改"]),
    ("应急管理局", &["应急局"]),
    ("水务局", &["水利局"]),
    ("商务局", &["商务"]),
    ("教育局", &["教育"]),
    ("卫健局", &["卫生健康局", "卫健委"]),
    ("财政局", &[]),
    ("气象局", &[]),
    ("公路站", &["公路局", "公路管理站"]),
    ("园林局", &["园林绿化局", "园林"]),
    ("供电公司", &[]),
    ("区大气办", &["大气办", "大气污染防治办公室"]),
];

/// The one that is named first; of names that begin together the longest.
pub fn owner(text: &str, world: &World) -> Option<Owner> {
    let fixed = DEPARTMENTS.iter().flat_map(|(name, also)| {
        std::iter::once((*name, *name)).chain(also.iter().map(|word| (*word, *name)))
    });
    let known = of_district(world);
    let own = known.iter().map(|name| (name.as_str(), name.as_str()));
    let found = fixed.chain(own).filter_map(|(word, name)| {
        let from = text.find(word)?;
        Some((from, std::cmp::Reverse(word.len()), name))
    });
    let (from, std::cmp::Reverse(length), name) = found.min()?;
    Some(Owner { name: name.to_owned(), span: (from, from + length) })
}

/// Squads, and townships with their offices.
fn of_district(world: &World) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for point in world.table(Kind::ControlPoint).iter() {
        names.insert(point.text("squad").to_owned());
    }
    for area in world.table(Kind::Area).iter().filter(|area| AreaRole::Township.is_of(area)) {
        names.insert(area.name().to_owned());
    }
    names.retain(|name| name.chars().count() > 1);
    names
}
