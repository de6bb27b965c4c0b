using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Storage;

public sealed class SchemaMigrationsTests
{
    private string _path = "";

    [SetUp]
    public void CreatePath() => _path = Path.GetTempFileName();

    [TearDown]
    public void DeleteFile() => File.Delete(_path);

    [Test]
    public void All_AreNumberedFromOneWithoutGaps() =>
        Assert.That(SchemaMigrations.All.Select(m => m.Version), Is.EqualTo(Enumerable.Range(1, SchemaMigrations.All.Count)));

    [Test]
    public void Apply_OlderVersion_RunsOnlyWhatIsMissing()
    {
        using var connection = Open();
        SchemaMigrations.Apply(connection, [new(1, "CREATE TABLE a (x)")]);

        SchemaMigrations.Apply(connection, [new(1, "CREATE TABLE a (x)"), new(2, "CREATE TABLE b (x)")]);

        Assert.That(connection.Scalar("PRAGMA user_version"), Is.EqualTo(2));
        Assert.That(connection.Scalar("SELECT count(*) FROM sqlite_schema"), Is.EqualTo(2));
    }

    [Test]
    public void Apply_StoppedInTheMiddle_LeavesTheOldVersion()
    {
        using (var connection = Open())
        {
            SchemaMigrations.Apply(connection, [new(1, "CREATE TABLE a (x); INSERT INTO a VALUES (7)")]);
            Assert.That(
                () => SchemaMigrations.Apply(connection, [new(2, "ALTER TABLE a ADD y; UPDATE a SET x = 8"), new(3, "CREATE TABLE c (x); no such statement")]),
                Throws.TypeOf<SqliteException>());
        }

        using var again = Open();

        Assert.That(again.Scalar("PRAGMA user_version"), Is.EqualTo(1));
        Assert.That(again.Scalar("SELECT x FROM a"), Is.EqualTo(7));
        Assert.That(again.Scalar("SELECT count(*) FROM pragma_table_info('a')"), Is.EqualTo(1));
        Assert.That(again.Scalar("SELECT count(*) FROM sqlite_schema"), Is.EqualTo(1));
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
