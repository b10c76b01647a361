use std::collections::BTreeSet;
use std::path::Path;

use egui::Ui;

use super::super::action::Action;
use super::super::command::Command;
use super::super::ctx::Ctx;
use super::super::layers::filter_words;
use super::super::model::{Model, Toast};
use super::super::widgets::note;
use super::Dialog;
use crate::domain::{Kind, Record, RecordId, Text};
use crate::exchange::formats;
use crate::exchange::write::{layers, replace};
use crate::geodesy::crs::Crs;

/// What, for whom, and on which datum.
pub struct ExportPage {
    kinds: BTreeSet<Kind>,
    format: usize,
    crs: Crs,
    is_filtered: bool,
}

/// For whom: ending of the file and the datum that the receiver works on.
const FORMATS: [(&str, Text, Crs); 7] = [
    ("xlsx", Text::new("Excel / WPS", "Excel / WPS"), Crs::Wgs84),
    ("csv", Text::new("CSV 表格", "CSV table"), Crs::Wgs84),
    ("geojson", Text::new("GeoJSON（QGIS、网页）", "GeoJSON (QGIS, web)"), Crs::Wgs84),
    ("kmz", Text::new("KMZ（谷歌地球）", "KMZ (Google Earth)"), Crs::Wgs84),
    ("kml", Text::new("KML（奥维、高德）", "KML (Ovital, Amap)"), Crs::Gcj02),
    ("gpkg", Text::new("GeoPackage（QGIS）", "GeoPackage (QGIS)"), Crs::Wgs84),
    ("shp", Text::new("Shapefile（ArcGIS）", "Shapefile (ArcGIS)"), Crs::Wgs84),
];

const SYSTEMS: [(Crs, &str); 4] = [
    (Crs::Wgs84, "WGS-84"),
    (Crs::Cgcs2000, "CGCS2000"),
    (Crs::Gcj02, "GCJ-02（高德、腾讯）"),
    (Crs::Bd09, "BD-09（百度）"),
];

impl ExportPage {
    pub fn new(model: &Model) -> Self {
        let world = model.world();
        let kinds = Kind::ALL.into_iter().filter(|kind| !world.table(*kind).is_empty()).collect();
        Self { kinds, format: 0, crs: Crs::Wgs84, is_filtered: !model.filter.is_empty() }
    }

    fn start(&self, ctx: &Ctx<'_>) {
        let Some(&(ending, words, _)) = FORMATS.get(self.format) else { return };
        let (world, kinds, crs) =
            (ctx.world(), self.kinds.iter().copied().collect::<Vec<_>>(), self.crs.clone());
        let ids: Option<BTreeSet<RecordId>> = self.is_filtered.then(|| {
            ctx.shown
                .records
                .values()
                .flat_map(|records| records.iter().map(|record| record.id))
                .collect()
        });
        let name = ctx.district.as_ref().map(|district| district.name.clone()).unwrap_or_default();
        let suffix = if crs == Crs::Gcj02 {
            "_GCJ02"
        } else if crs == Crs::Bd09 {
            "_BD09"
        } else {
            ""
        };
        let lang = ctx.lang();
        ctx.actions.send(Action::Work(
            "export",
            Box::new(move |_| {
                let dialog = rfd::FileDialog::new()
                    .set_file_name(format!("{name}{suffix}.{ending}"))
                    .add_filter(words.say(lang), &[ending]);
                let Some(target) = dialog.save_file() else { return Action::Nothing };
                let keep =
                    |record: &Record| ids.as_ref().is_none_or(|ids| ids.contains(&record.id));
                write(&target, || {
                    let format = formats::by_name(&target)?;
                    replace(&target, format, layers(&world, &kinds, &crs, &keep))
                })
            }),
        ));
    }
}

fn write(target: &Path, export: impl FnOnce() -> Result<(), crate::exchange::Error>) -> Action {
    let file = target.display();
    Action::Say(match export() {
        Ok(()) => Toast::done(format!("已导出：{file}"), format!("written: {file}")),
        Err(error) => Toast::act(
            format!("导出失败，原文件未动：{file}（{error}）"),
            format!("not written, the old file is as it was: {file}: {error}"),
        ),
    })
}

impl Dialog for ExportPage {
    fn title(&self) -> Text {
        Command::Export.about().words
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) -> bool {
        let world = ctx.world();
        ui.label(note(ctx.tell("图层", "Layers")));
        ui.horizontal_wrapped(|ui| {
            for kind in Kind::ALL.into_iter().filter(|kind| !world.table(*kind).is_empty()) {
                let mut is_in = self.kinds.contains(&kind);
                let count =
                    ctx.shown.counts.get(&kind).map_or(0, |count| {
                        if self.is_filtered { count.shown } else { count.total }
                    });
                if ui.checkbox(&mut is_in, format!("{} {count}", ctx.say(kind.label()))).changed() {
                    if is_in {
                        self.kinds.insert(kind);
                    } else {
                        self.kinds.remove(&kind);
                    }
                }
            }
        });
        if !ctx.filter.is_empty() {
            let words = filter_words(ctx, &ctx.filter);
            ui.checkbox(
                &mut self.is_filtered,
                ctx.tell(
                    format!("只导出筛选结果：{words}"),
                    format!("only what is filtered: {words}"),
                ),
            );
        }
        ui.add_space(8.0);
        ui.label(note(ctx.tell("格式", "Format")));
        for (place, (ending, words, crs)) in FORMATS.iter().enumerate() {
            if ui.radio(self.format == place, format!("{}  .{ending}", ctx.say(*words))).clicked() {
                self.format = place;
                self.crs = crs.clone();
            }
        }
        ui.add_space(8.0);
        ui.label(note(ctx.tell("坐标系", "Datum")));
        ui.horizontal_wrapped(|ui| {
            for (crs, name) in SYSTEMS {
                if ui.selectable_label(self.crs == crs, name).clicked() {
                    self.crs = crs;
                }
            }
        });
        if matches!(self.crs, Crs::Gcj02 | Crs::Bd09) {
            ui.label(note(ctx.tell(
                "坐标会偏移 500 米以上，文件名中注明坐标系",
                "Coordinates will be shifted by more than 500 m; the file's name says so",
            )));
        }
        ui.add_space(12.0);
        let mut stays = true;
        let words = ctx.tell("选择位置并导出…", "Choose a place and export…");
        if ui.add_enabled(!self.kinds.is_empty(), egui::Button::new(words)).clicked() {
            self.start(ctx);
            stays = false;
        }
        stays
    }
}
