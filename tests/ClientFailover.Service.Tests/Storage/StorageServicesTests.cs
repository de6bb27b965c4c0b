using ClientFailover.Service.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Storage;

public sealed class StorageServicesTests
{
    [Test]
    public async Task AddGroupStore_Disposed_StopsCleanly()
    {
        await using var bench = new StoreBench();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddGroupStore().Configure(o => o.DataDirectory = bench.Directory);
        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<IGroupStore>().LoadAsync(CancellationToken.None);
        }

        using var connection = bench.Connect();

        Assert.That(connection.Scalar("SELECT clean_stop FROM meta"), Is.EqualTo(1));
    }

    [Test]
    public void AddGroupStore_BadOptions_TellsAllMistakesTogether()
    {
        var services = new ServiceCollection();
        services.AddGroupStore().Configure(o => (o.HistoryPerGroup, o.RetryInterval, o.BusyTimeout, o.DeferredHistory, o.WritesPerCommit) =
            (0, TimeSpan.Zero, TimeSpan.FromSeconds(-1), -1, 0));
        using var provider = services.BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => _ = provider.GetRequiredService<IOptions<StoreOptions>>().Value)!;

        Assert.That(error.Failures, Has.Exactly(6).Items);
    }
}
