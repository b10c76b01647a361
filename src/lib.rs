//! Shapan (沙盘), a situation-room map for a district fighting air pollution: the map of the code.
//!
//! # The house
//!
//! Rooms on floors, ground first. A room may use the rooms named in its row, all of them below it.
//! `tests/architecture.rs` holds the same table and fails when it is broken.
//!
//! | floor | room | what lives there | may use |
//! |---|---|---|---|
//! | 0 | [`codec`] | encodings of several formats: variable-length numbers, protocol buffers, text in markup, a hash | — |
//! | 0 | [`files`] | paths, files written whole | — |
//! | 0 | [`geodesy`] | the shape of the Earth: datums, distances, rings, geometry as bytes | — |
//! | 0 | [`jobs`] | work off the window's thread, and its answers | — |
//! | 0 | [`text`] | the two languages, and how an error gets its words | — |
//! | 1 | [`domain`] | records and their fields, edits, the world in memory | geodesy, text |
//! | 1 | [`basemap`] | tiles as bytes, from archives, folders and the web | codec, files, geodesy, text |
//! | 2 | [`analysis`] | answers: what lies in which ring, what is meant by a filter, what is searched; index, rank and target of the air; the ledger; high values and where they come from | domain, geodesy |
//! | 2 | [`network`] | roads as a network for trucks: ways, orders, what a plan changes | domain, geodesy |
//! | 2 | [`store`] | the district file: journal, undo, check, backup | codec, domain, files, geodesy |
//! | 2 | [`exchange`] | files in and out | codec, domain, files, geodesy |
//! | 3 | [`map`] | what the map shows, without a screen; its print as SVG, PNG, PDF; its picture for the window | basemap, codec, domain, geodesy |
//! | 3 | [`sample`] | the district that comes with the program | analysis, domain, geodesy |
//! | 3 | [`settings`] | what this seat prefers, who sits here, what time it is | domain, files |
//! | 4 | [`intake`] | how readings come in: a file as a delivery, feeds that stay switched on; and its hours out of it; packages of other offices | analysis, domain, exchange, files, jobs, settings, store |
//! | 4 | [`report`] | papers: the notice of a plan, the brief of a week, the minutes of a meeting; as Word, PDF, HTML, Excel and plain text | analysis, codec, domain, exchange, geodesy, map, network |
//! | 5 | [`cli`] | the program without its window | analysis, basemap, domain, exchange, files, geodesy, intake, jobs, map, network, report, sample, settings, store |
//! | 5 | [`ui`] | the window | analysis, basemap, codec, domain, exchange, files, geodesy, intake, jobs, map, network, report, sample, settings, store |
//!
//! # Floors inside the window
//!
//! [`ui`] is half of the code and has floors of its own; `tests/architecture.rs` holds the same
//! table. A module knows those on floors below its own and no neighbour; what workspaces want of
//! each other, of dialogs and of tools they send as actions, which are plain data and name no widget.
//! What a workspace draws over the map it hands to the canvas as a `ui::canvas::Overlay`.
//!
//! | floor | of `ui` | what lives there |
//! |---|---|---|
//! | 0 | `command`, `inbox`, `theme` | what needs nobody: words and keys of commands, colours and letters |
//! | 1 | `model`, `typing` | what the window knows, with the state of planner and meeting; keys that wait for a box |
//! | 2 | `base` | base maps that can be chosen, and how they are opened |
//! | 3 | `action` | everything that can be asked of the window, and what each command asks for |
//! | 4 | `ctx`, `derivation`, `files` | the model and the way to send actions; answers that jobs make of the model; dialogs of the system |
//! | 5 | `feeding`, `keeper`, `widgets` | the thread of the feeds; that of the district file, which opens it too; functions that draw one thing |
//! | 6 | `parts`, `toasts` | figures, rings and words that several panels show; messages |
//! | 7 | `bar`, `card`, `health`, `kpi_bar`, `layers` | panels around the map |
//! | 8 | `canvas`, `table` | the map with its tools; the records as rows |
//! | 9 | `dialogs` | windows over the map, one file each |
//! | 10 | `air`, `episodes`, `ledger`, `meeting`, `planner` | workspaces, none of which knows another |
//! | 11 | `keys` | shortcuts |
//! | 12 | `app` | the window: its parts, and what is on the screen in which order |
//! | 13 | `perform` | the only place where anything changes: one arm an action |
//!
//! # The way of a frame
//!
//! `ui::App::logic` performs the actions that came since the last frame; `ui::App::ui` shows the
//! outcome and sends new ones. Marks are not drawn in a frame: a job draws them into a picture a
//! little larger than the map ([`map::live`]), which the frame moves as one texture; when the map
//! rests, a new picture takes its place. Without a GPU a shader of our own paints it
//! (`ui::canvas::cpu_blit`), and the panels have the colour that the window is cleared to: so a
//! processor paints each pixel once, and cheaply. The district file belongs to a thread of its own
//! (`ui::keeper`), which is sent requests and answers with actions: an edit is in memory at once and
//! on the disk a moment later; where the disk refuses it, memory goes back to what the file says.
//!
//! What takes longer than a frame is held as [`jobs::Derived`]: the last answer, with the key that
//! says what it is made from. `ui::App::logic` walks one list of them (`ui::perform`, `derived`);
//! each says its key from the model, and a job or the keeper works the answer out where the key is
//! another. The last answer is shown until then, and an answer to an overtaken question is dropped.
//! What leaders ask first ([`analysis::overview`]) is one of them: bar, card and meeting read it.
//!
//! # The way of opening
//!
//! A large district is on the map before it is read: the keeper first reads what the marks in view
//! are made of ([`store::Store::glimpse`], by two threads, within the view by the R-tree where that
//! is less), which are drawn without an index (`ui::perform`, `opening`), and, once that picture stands
//! or seconds have gone by, all records: side by side they would take from each other. Until
//! those are there the window has no district: nothing can be found, counted or edited from a part
//! (`ui::model::opening`).
//!
//! # The way from place to place
//!
//! A place of the window (`ui::model::workspace`) is one row of a table: its command, which has its
//! word, icon and key; its layers, panels and the kinds of its table; what waits there. Going to
//! another (`ui::perform`, `workspace`) keeps in the settings how this one was left. What its dock
//! shows stands in `ui::app::desk`.
//!
//! # The way of an import
//!
//! `cli::import` opens the district ([`store::Store`]) and its world ([`domain::World`]). On one
//! thread a format ([`exchange::formats`]) turns the file into rows and
//! [`exchange::meaning`] turns rows into changes ([`domain::Change`]); on the other a
//! [`store::Session`] writes them. All of it is one transaction, one row of the journal, one undo
//! step; if anything fails, nothing happened.
//!
//! The window first looks: `ui::dialogs::import` reads the file in a job against the world and shows
//! the report ([`exchange::meaning::Report`]): layers, columns, datum, what is new, what is rejected.
//! What a person then says is one more look; what was shown is what is written.
//! Afterwards the report stays until it is closed, and each figure of it lists its records: all of an
//! import carry the moment of it, which a filter asks for ([`analysis::Imported`]).
//!
//! # The way of a plan
//!
//! `ui::planner` asks for the network once ([`network::compare::prepare`]) and again only when roads,
//! control points, gates or flows change; for a comparison whenever restrictions, the chosen plan or
//! the time cursor do. Both are [`jobs::Derived`]. A network that took long to make is kept beside
//! the district ([`network::cache`] makes bytes of it, [`store::read_cache`] reads them) and used as long
//! as roads and gates are the same to the last bit; commands read it too, and write nothing.
//!
//! What roads say to trucks is one grammar for maps and drawn roads ([`domain::truck_rules`]); what it
//! does not understand bars nobody and is listed. The sums of a comparison and the widths of roads on the map are
//! those of a day: half hours in which the same orders and rules hold share their routes
//! ([`network::evaluate`]); trips, checks and the roads shown as closed are those of the time cursor.
//!
//! Two jobs need no flows: what is wrong with the roads themselves ([`network::survey`]), and which
//! flows the counts make likely ([`network::counts`]).
//!
//! The notice of a plan ([`report::notice`]) is written by a job too, whenever orders, roads, legal
//! bases or the record of the plan change. What somebody writes by hand is kept in that record, with
//! a fingerprint of what it was made from. [`network::plan_lifecycle`] freezes and adopts plans;
//! `ui::perform` lets nobody change the orders of a frozen one.
//!
//! An order is drawn by waypoints, between which [`network::snap_route`] follows the roads. Both are
//! stored, with the roads themselves ([`network::orders::BoundStretch`]), to which the order is bound: a
//! road redrawn by metres stays closed, and when one is gone that is said and a later network leads the
//! same waypoints again ([`network::stale_alignment`]). Of an area these are the roads on its outline. A ban of
//! a turn is an order too, which closes no arc but the way from one arc into another
//! ([`network::orders::TrafficOrder::turns`]). A road may belong to a plan, or stand in it for
//! another one; it goes with the plan where that is renamed, copied, frozen, adopted or deleted.
//! While it is drawn, the order stands in a copy of the world that is never stored
//! (`ui::action::PlannerAction::Draft`). What one comparison found out stays in memory for the next:
//! a moved line costs itself and the trips that it touches.
//!
//! # The way of a scene
//!
//! A template ([`analysis::agenda`]) becomes a meeting and its scenes, as one edit. Going to a scene
//! (`ui::perform`, `stage`) sets view, layers, filter, time cursor, selection, plan and page at
//! once; what the seat had before stands in `ui::model::stage::Own` and comes back when the mode
//! is left, so that no scene changes a preference. What a scene names and the district no longer has
//! is said at its title ([`analysis::scenes::lacks`]). The speaker's window is a viewport of its own,
//! painted from words alone: it asks by actions, which the first window performs.
//!
//! # The way of an item
//!
//! What was found is a record of [`domain::Kind::Item`], and what was done about it a list of steps in
//! that record. [`domain::item::Path`] folds the steps into the state, so that nothing else may say it:
//! [`domain::item::taken`] takes a step, asks for a reason where its evidence is missing, and lets
//! nobody check his own work; [`domain::item::guard`] refuses every edit that changes state or steps in
//! another way, for `ui::perform` and `cli::apply` alike, and [`analysis::ledger::ready`] gives what is
//! new its number. Lists of offices come in with the state that they say, as a step of its own that
//! names the file. Moments are civil time of the office, to the minute.
//!
//! [`analysis::ledger`] reads the records once into rows ([`analysis::ledger::Ledger`]), a job of each
//! minute; lists, counts, rates, stages of escalation and twins ask these. What a time limit means is
//! told by [`analysis::ledger::limit()`], by the one calendar ([`domain::calendar`]) that hours of
//! restrictions ask too. `ui::ledger` is the place, `report::ledger` makes its papers.
//!
//! What the district checks by itself are plans ([`analysis::ledger::checks`]): sites by where they lie,
//! posts that are called, villages by household; standing rules and tasks are plans that are themselves
//! what is done. A response is a record of what was issued ([`analysis::ledger::response`]): the measure of
//! each line at its level, against inspections and the readings of its firm ([`intake::evidence`]). Each
//! check that is not passed becomes an item, linked both ways.
//!
//! What is pasted or imported is held against the ledger before it is written
//! ([`analysis::ledger::incoming`]). Items go to another office as a package ([`exchange::package`]) with
//! the states that they were in before, so that what only one side changed since the latest state that
//! both had is no conflict ([`analysis::handover`], [`intake::package`]). Photos that come back named by
//! numbers find their items by [`analysis::ledger::returned`].
//!
//! # The way of a number of the air
//!
//! The valid hours of a station ([`analysis::air::StationHours`]) become days, periods, indices, ranks
//! and what is left of a target by pure functions. Each has its rule with source and date
//! ([`analysis::air::rule`]), which stands beside the number wherever that is shown, and each mean how
//! much it is made of ([`analysis::air::Average`]). What somebody expects of a day is a record of
//! [`domain::Kind::Forecast`] and is scored the day after ([`analysis::air::forecast`]). What files and packets mean by their labels and
//! units is not believed but gathered from the values ([`exchange::meaning::clues`]).
//!
//! # The way of a reading
//!
//! A reading is a value of a factor at a place over a span of time ([`domain::reading`]): no record, and
//! never changed. What comes in at once from one file or feed is a delivery, a record of
//! [`domain::Kind::Delivery`] with the SHA-256 of its rows, so that it is one change, one row of the
//! journal and one undo step, and the hash of the journal covers every value. A writer takes a
//! [`store::Session`], asks it for a delivery ([`store::readings::Delivering`]), puts
//! [`domain::reading::ReadingRow`]s and finishes it; a feed does so once for many packets, because each
//! delivery is a record in memory. What is known is not stored again; what is said otherwise is one more
//! version. [`store::readings::withdrawal`] is the edit by which a delivery counts no more; nothing else
//! changes a delivery ([`store::Error::DeliveryFixed`]).
//!
//! A file of readings is known by what stands in it ([`exchange::readings::recognise`]) and read twice:
//! [`exchange::readings::survey`] concludes what its labels, units and columns mean, each with its proof,
//! and whose stations it has; what a person says otherwise goes before. Then
//! [`exchange::readings::readings`] hands on its rows. [`intake::file::deliver`] takes them
//! into a session, for `cli::import_readings` and for the keeper of the window.
//!
//! Whoever reads asks [`store::Store::readings`] with the world whose readings are meant, today's or
//! that of a moment, and hears row by row what counts of a span of time ([`store::readings::ReadingQuery`]),
//! the latest values with those before, or all versions of one hour. Opening a district reads none of
//! them. [`analysis::air::Gathering`] makes hours of stations of the rows.
//!
//! # The way of the air on the screen
//!
//! The keeper reads the hours of 90 days or more ([`analysis::air::DistrictHours`]), a job
//! makes days, month and ranks of them ([`analysis::air::DistrictFigures`]); both are
//! [`jobs::Derived`] and asked for anew when a delivery comes or goes. There is one time cursor, that of
//! the planner (`ui::model::planning`, `at`); while nobody has moved it, it is live. Markers, timeline,
//! figures and restrictions in force all ask the model what was so at the cursor
//! (`ui::model::air`): whoever looks back sees what was measured in that hour and nothing older as if it
//! were of it, and whoever looks at now sees the last value with its age. Markers are painted in each
//! frame over the picture of the layers (`ui::air`), so that a step of the cursor draws no picture anew.
//!
//! # The way of a high value
//!
//! The rules are records ([`domain::Kind::AlarmRule`], [`analysis::episodes::Rules`]) and have a version.
//! [`analysis::episodes`] finds the episodes in the hours; each answer is made from the hours as they are
//! now, so that late and changed readings show. What people do is a record of
//! [`domain::Kind::Episode`], which goes on by [`domain::episode::step`] alone; its clocks are computed
//! from the moments in it, and nothing pauses them. The two are put side by side
//! ([`analysis::episodes::matched`]), and neither writes over the other. What the program writes by
//! itself, that an alert went out and that an episode is over by rule
//! ([`analysis::episodes::program_changes`]), the window and `shapan watch` write alike; it is no undo
//! step, and its id follows from station and hour, so that of two seats one writes it. Where it comes
//! from is ranked by [`analysis::sources`]; orders and the page of evidence stand in
//! [`report::dispatch`]. What is found becomes an item of the ledger, linked both ways
//! ([`analysis::ledger::make::item_of_finding`]). Every panel asks the model which rows wait
//! (`ui::model::episode_rows`), which picks them once a frame.
//!
//! # The way of an error
//!
//! An error, a refusal or a warning is a type beside the code that finds it. Its `Display` is the
//! English sentence and [`text::Localized::zh`] the Chinese one, both beside the type; `?` turns it
//! into [`text::LocalizedText`] where a function answers with words, as the window's do. The commands
//! pass errors up as [`anyhow::Error`]; `cli::WORDED` lists the types whose words they know.
//! So a new error is one `impl Localized` beside it and, where a command can meet it, one line there.
//!
//! # Where a new one goes
//!
//! | new | file | and one line in |
//! |---|---|---|
//! | field or value | – | `src/domain/kinds/*.rs`, `choices!` where code asks for a value; files get the column when they are next opened for writing |
//! | record kind | `src/domain/kinds/x.rs` (a `Definition`) | `src/domain/kinds/mod.rs`; `src/domain/schema.rs`, `kinds!` |
//! | file format | `src/exchange/formats/x.rs` (`impl Format`) | `src/exchange/formats/mod.rs`, `ALL` |
//! | map layer | `src/map/layers/x.rs` (`impl Layer`) | `src/map/layers/mod.rs`, `ALL` |
//! | tile archive | `src/basemap/sources/x.rs` (`impl TileSource`) | `src/basemap/sources/mod.rs`: `ARCHIVE_ENDINGS` and `open` |
//! | web map | – | `src/basemap/providers.rs`, `ROWS` |
//! | command, key | – | `src/ui/command.rs`, from which menu, palette, tooltips and the key sheet come; what it asks for in `src/ui/action/command.rs`, for which the compiler asks |
//! | place of the window | – | `src/ui/model/workspace.rs`: its row of the table; what its dock shows in `src/ui/app/desk.rs`, for which the compiler asks; its command |
//! | drawing tool | `src/ui/canvas/tools/x.rs` (`impl Tool`) | `src/ui/canvas/tools/mod.rs`; `ToolKind` in `src/ui/action/tool.rs`, and `src/ui/perform/tool.rs`, for which the compiler asks; a command that takes it in hand |
//! | window over the map | `src/ui/dialogs/x.rs` (`impl Dialog`) | `src/ui/dialogs/mod.rs`; what opens it in `src/ui/action/dialog.rs`, and `src/ui/perform/dialog.rs`, for which the compiler asks |
//! | subcommand | `src/cli/x.rs` (`Args`, `run`) | `src/cli/mod.rs`: `mod`, `Command`, `run`; the compiler lists the last |
//! | part of a brief | – | `src/report/brief/sections.rs`, `ALL` |
//! | error | – | beside what finds it: `impl Localized`; where a command meets it, `src/cli/mod.rs`, `WORDED` |
//!
//! # Invariants
//!
//! 1. **Coordinates are WGS-84 longitude/latitude degrees everywhere.** Only [`geodesy::datum`],
//!    [`geodesy::crs`], [`map::view`] and `ui::canvas`, which put them on a shifted base map, know
//!    other systems. Nothing shifted is ever stored.
//! 2. **Records change only as an [`domain::Edit`] through the store**: one edit, one transaction,
//!    one row of the journal, one undo step. An import of a million rows is one edit.
//! 3. **A [`domain::Change`] carries both sides.** Undo is a swap, and a stale edit is noticed.
//! 4. **Reading changes no byte** of a district file, and leaves nothing beside it. What goes out to
//!    a file (records, photos, papers, maps) is no mere reading: it writes one row of the journal,
//!    an event, after the file is there; where the district cannot be written to, that is said.
//! 5. **No clock, no chance, no environment but in [`settings`]**: time, actor and ids come in as
//!    [`domain::Stamp`] and [`domain::Ids`].
//! 6. **A bad row never stops the good ones**: it is rejected with its number and the reason.
//! 7. **Everything is ordered**: the same input gives the same bytes.
//! 8. **Widgets change nothing**: they send an action, which is plain data or work on snapshots, and
//!    hear of it by a typed [`jobs::Reply`]; a frame reads no disk and no network.
//! 9. **`rusqlite` types do not leave [`store`]** but inside its error.
//!
//! # The file
//!
//! A district is one GeoPackage 1.4 (OGC 12-128r19). Each [`domain::Kind`] is a feature layer of
//! that name in EPSG:4326 with an R-tree; its columns are the fields of [`domain::Kind::fields`]
//! (`shapan schema` prints them), then `extra` (a JSON object of attributes that no field stands
//! for), who made the record and when, who changed it last and when (empty while nobody did), and
//! the file and row it came from. Lists are
//! JSON arrays. `id` is a UUID of version 7 that never changes. Unplaced records have no geometry.
//!
//! The district as it was at any moment is today's taken back by the journal ([`store::AsOf`]). A file
//! of an older program is read as it is; the first edit adds the layers and columns it lacks.
//!
//! `shapan_journal` has one row an edit, and one an event (something went out to a file, a photo came
//! in), which changes no record and is no undo step. The hash of each row covers the row before, as
//! `store/journal/chain.rs` says; `shapan check` names the first that does not follow. Whoever keeps
//! a [`domain::Seal`] elsewhere (papers show it, meetings and frozen plans record it) notices a cut
//! end too. `shapan_change` holds the changes, packed as `store/journal/codec.rs` says; `shapan_before_*` the rows that another program changed, as they
//! were; `shapan_attachment` the photos and papers that records name in `attachments`, byte for byte
//! as they came; `shapan_reading` the readings, a row a place, span of time and version, of 8 to 14
//! bytes a value with all that finds it, and the view `air_hour` what counts of them, a row a station and
//! hour (`store::readings`); `shapan_meta` the format version. Triggers in plain SQL fill `shapan_before_*`, so QGIS
//! may edit the layers; the next edit here writes a journal row for what it did.
//!
//! Beside `丰润.gpkg` lie, where there is reason for them, `丰润.backups/`, its dated copies, and
//! `丰润.gpkg.network`, the road network as the planner prepared it: nothing that is not in the
//! district, so it may be deleted at any time.
//! A damaged district that was given back its copy lies there too, untouched, as
//! `丰润.aside-TIME.gpkg` (`store::restore`); what ends in `.unfinished` is in the making, and what a
//! killed program left of it goes with the next that makes something there ([`files::Unfinished`]).

pub mod analysis;
pub mod basemap;
pub mod cli;
pub mod codec;
pub mod domain;
pub mod exchange;
pub mod files;
pub mod geodesy;
pub mod intake;
pub mod jobs;
pub mod map;
pub mod network;
pub mod report;
pub mod sample;
pub mod settings;
pub mod store;
pub mod text;
pub mod ui;
