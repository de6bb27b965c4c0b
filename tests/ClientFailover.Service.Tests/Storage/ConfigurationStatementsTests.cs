using ClientFailover.Service.Configuration;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Storage;

public sealed class ConfigurationStatementsTests
{
    [Test]
    public async Task LoadConfigurationAsync_SetAndSetAgain_IsTheLast()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        Assert.That((await bench.Store.LoadConfigurationAsync(default)).Level, Is.Null);

        await SetAsync(bench, LogLevel.Debug);
        await SetAsync(bench, LogLevel.Error);
        await bench.RestartAsync();

        Assert.That((await bench.Store.LoadConfigurationAsync(default)).Level, Is.EqualTo(LogLevel.Error));
    }

    [Test]
    public async Task LoadConfigurationAsync_Crashed_IsWhatWasAnswered()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await SetAsync(bench, LogLevel.Debug);

        await using var crashed = bench.Crash();
        await crashed.LoadAsync();

        Assert.That((await crashed.Store.LoadConfigurationAsync(default)).Level, Is.EqualTo(LogLevel.Debug));
    }

    [Test]
    public async Task LoadConfigurationAsync_NoJson_SaysThatTheDatabaseIsDamaged()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await SetAsync(bench, LogLevel.Debug);
        using (var connection = bench.Connect())
        {
            new SqliteCommand("UPDATE configuration SET document = '['", connection).ExecuteNonQuery();
        }

        Assert.That(
            async () => await bench.Store.LoadConfigurationAsync(default), Throws.TypeOf<StoreUnusableException>().With.Message.Contains("is damaged"));
    }

    private static async Task SetAsync(StoreBench bench, LogLevel level)
    {
        var write = new ConfigurationWrite(ConfigurationText.Write(ServiceConfiguration.Empty with { Level = level }));
        bench.Store.Append(write);
        Assert.That(await write.Stored.WaitAsync(TimeSpan.FromSeconds(60)), Is.True);
    }
}
