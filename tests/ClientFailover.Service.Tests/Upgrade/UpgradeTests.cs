using System.Globalization;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Upgrade;

/// <summary>Databases of every released schema, brought to this program's.</summary>
public sealed class UpgradeTests
{
    private TemporaryDirectory _directory = null!;

    private static IEnumerable<int> Schemas => RecordedState.Schemas;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown() => _directory.Dispose();

    [Test]
    public void Recorded_EverySchemaBeforeThisOne_IsThere() =>
        Assert.That(Schemas, Is.SupersetOf(Enumerable.Range(1, (int)SchemaMigrations.Latest - 1)), "Run record.py with the version that was released.");

    [TestCaseSource(nameof(Schemas))]
    public void Prepare_ReleasedSchema_KeepsEveryValue(int schema)
    {
        var path = RecordedState.Unpack(schema, _directory.Path);
        var before = Read(path);
        Assert.That(Scalar(path, "PRAGMA user_version"), Is.EqualTo(schema));
        var empty = before.Where(t => t.Value.Count == 0).Select(t => t.Key);
        Assert.That(empty, Is.SubsetOf(new[] { "probe" }), "There is a row of every kind.");

        new DatabaseFile(new StoreOptions { DataDirectory = _directory.Path }).Prepare();

        var after = Read(path);
        Assert.That(Scalar(path, "PRAGMA user_version"), Is.EqualTo(SchemaMigrations.Latest));
        Assert.That(DatabaseInspection.Inspect(path).Problem, Is.Null);
        foreach (var (table, rows) in before)
        {
            var kept = after[table].Select(r => rows.Count == 0 ? r : r.Where(v => rows[0].ContainsKey(v.Key)).ToDictionary());
            Assert.That(kept.Select(Show).Order(), Is.EqualTo(rows.Select(Show).Order()), table);
        }
    }

    [TestCaseSource(nameof(Schemas))]
    public async Task LoadAsync_ReleasedSchema_IsWhatThatVersionHad(int schema)
    {
        RecordedState.Unpack(schema, _directory.Path);
        await using var store = new SqliteGroupStore(
            Options.Create(new StoreOptions { DataDirectory = _directory.Path }), TimeProvider.System, new Pulses(TimeProvider.System), NullLogger<SqliteGroupStore>.Instance);

        var groups = (await store.LoadAsync(default)).Where(g => g.Key.Tenant == "default").ToDictionary(g => g.Key.Group);
        var tenants = await store.LoadTenantsAsync(default);

        var line = groups["Line1"].State;
        var processed = new DateTime(2026, 11, 24, 17, 59, 58, DateTimeKind.Utc).AddTicks(1234567);
        Assert.That((line.Primary, line.PrimaryTerm, line.Term, line.LastDataProcessedTime), Is.EqualTo(("host2.Modbus", 2, 2, processed)));
        Assert.That(line.Configuration!.Description, Is.EqualTo("Größe, Ångström, 温度"));
        Assert.That(line.Sessions["straße"].Override, Is.EqualTo(Engine.RoleOverride.Secondary));
        Assert.That(groups["Zähler 2"].State.Sessions["Host1.Modbus"].OverrideExpires!.Value.Year, Is.GreaterThan(2100));
        Assert.That((groups["Pending"].State.PendingPrimary, groups["Pending"].State.Primary), Is.EqualTo(("Host1.Modbus", "host2.Modbus")));
        Assert.That(groups["Short"].State.Sessions, Has.Count.EqualTo(2));
        Assert.That((groups["Empty"].State.Configuration!.FailoverTimeout, groups["Empty"].State.Sessions.Count), Is.EqualTo((TimeSpan.FromMinutes(1), 0)));
        Assert.That((groups["Gone"].State.Configuration, groups["Gone"].State.Term), Is.EqualTo(((Engine.GroupConfiguration?)null, 2)), "A group that was deleted has left its term.");
        Assert.That(
            (await store.LoadSilencesAsync(default)).Select(s => (s.Group.Group, s.SessionId, s.Silence.TotalDays)),
            Is.EqualTo(schema < 5 ? [] : new[] { ("Line1", "straße", 3.0) }));
        var lists = await store.LoadAccessListsAsync(default);
        Assert.That(lists.Select(l => l.Key.Group), Is.EquivalentTo(schema < 2 ? [] : new[] { "", "LINE1" }), "That of the collection, and that of one group.");
        Assert.That(tenants.Namespaces.Select(n => $"{n.TenantId}/{n.Id}"), Is.EquivalentTo(schema < 3 ? ["default/default"] : new[] { "default/default", "Acme/Plant" }));
        Assert.That((await store.LoadConfigurationAsync(default)).HealthEndpoints.Select(e => e.Id), Is.EqualTo(schema < 4 ? [] : new[] { "PI", "Hub" }));
    }

    private static Dictionary<string, List<Dictionary<string, object>>> Read(string path)
    {
        using var connection = Open(path);
        var names = new List<string>();
        using (var command = new SqliteCommand("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", connection))
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
            {
                names.Add(row.GetString(0));
            }
        }

        return names.ToDictionary(n => n, n =>
        {
            var rows = new List<Dictionary<string, object>>();
#pragma warning disable CA2100 // The name of a table.
            using var command = new SqliteCommand($"SELECT * FROM \"{n}\"", connection);
#pragma warning restore CA2100
            using var row = command.ExecuteReader();
            while (row.Read())
            {
                rows.Add(Enumerable.Range(0, row.FieldCount).ToDictionary(row.GetName, row.GetValue));
            }

            return rows;
        });
    }

    private static long Scalar(string path, string sql)
    {
        using var connection = Open(path);
        return connection.Scalar(sql);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        return connection;
    }

    private static string Show(Dictionary<string, object> row) => string.Join(
        '|', row.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => $"{v.Key}={(v.Value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(v.Value, CultureInfo.InvariantCulture))}:{v.Value.GetType().Name}"));
}
