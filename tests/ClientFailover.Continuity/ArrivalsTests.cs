using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Runs;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Continuity;

/// <summary>What is read of the destination's database.</summary>
[TestFixture]
internal sealed class ArrivalsTests
{
    private const string Group = "g";

    // The columns of the receiver's tables that are read.
    private const string Schema = """
        CREATE TABLE container (key INTEGER PRIMARY KEY, id TEXT);
        CREATE TABLE request (key INTEGER PRIMARY KEY, arrived INTEGER, sender TEXT);
        CREATE TABLE value (container INTEGER, time INTEGER, sequence INTEGER, request INTEGER);
        CREATE TABLE duplicate (container INTEGER, time INTEGER, request INTEGER, conflict INTEGER);
        INSERT INTO request VALUES (1, 0, 'a');
        """;

    private string _file = null!;
    private SourceServer _source = null!;

    [SetUp]
    public void Start()
    {
        _file = Path.GetTempFileName();
        _source = new SourceServer();
        Run(Schema);
        Run($"INSERT INTO container VALUES (1, '{Signal.StreamId(Group, 0, 1)}')");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _source.DisposeAsync();
        File.Delete(_file);
    }

    [TestCase(5, 0, false)]
    [TestCase(6, 0, true)]
    [TestCase(4, 0, true)]
    [TestCase(5, 1, true)]
    public void Between_NumberAndTime_WrongUnlessBothAreTheSources(long sequence, long ticksLater, bool isWrong)
    {
        Run($"INSERT INTO value VALUES (1, {TimeOf(5) + ticksLater}, {sequence}, 1)");

        Assert.That(Read(), Is.EqualTo(new[] { new Arrival(1, 5, default, "a", IsAgain: false, isWrong) }));
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    public void Between_Repetition_WrongIfItReadsOtherwise(int conflict, bool isWrong)
    {
        Run($"INSERT INTO duplicate VALUES (1, {TimeOf(5)}, 1, {conflict})");

        Assert.That(Read(), Is.EqualTo(new[] { new Arrival(1, 5, default, "a", IsAgain: true, isWrong) }));
    }

    private long TimeOf(long tick) => Signal.TimeOf(_source.TimeOf(tick), 1).UtcTicks;

    private IReadOnlyList<Arrival> Read() => new Arrivals(_file, Group, _source).Between(0, 9);

    private void Run(string text)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
