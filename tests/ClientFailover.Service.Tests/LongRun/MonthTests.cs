using ClientFailover.Engine;
using ClientFailover.Service.Audit;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.LongRun;

/// <summary>
/// 24 days without a break, every heartbeat of them: two adapters in each of three groups, a takeover each hour, an order each day,
/// and whatever the service does by itself each second, hour and day.
/// </summary>
[NonParallelizable]
public sealed class MonthTests
{
    private const int Days = 24;
    private const long Mebibyte = 1024 * 1024;

    private static readonly string[] Groups = ["Line1", "Line2", "Line3"];
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>What is done each day beside the work of the groups. A part with something to do by the day adds its own here.</summary>
    private static readonly Func<VirtualService, int, Task>[] DailyWork = [OrderAsync, AuditAsync, ConfigureAsync];

    [Test]
    public async Task Month_EveryHeartbeat_MemoryIsFlatAndDiskBounded()
    {
        await using var service = await VirtualService.StartAsync("--HistoryPerGroup", "500", "--AuditTotalSize", "1");
        var growth = new Growth(() => service);
        foreach (var group in Groups)
        {
            await service.CreateAsync(group, Timeout, "a", "b");
        }

        for (var day = 0; day < Days; day++)
        {
            for (var hour = 0; hour < 24; hour++)
            {
                await HourAsync(service, hour);
            }

            foreach (var work in DailyWork)
            {
                await work(service, day);
            }

            await growth.TakeAsync();
        }

        growth.MustBeFlat(mostMemory: 4 * Mebibyte, mostDisk: 24 * Mebibyte);
        Assert.That(Owners(service).Select(o => o.Read()!.Term), Is.All.GreaterThan(Days * 12), "Roles have changed all the time.");
    }

    /// <summary>The first minutes of each hour the Primary is not heard; the other takes over.</summary>
    private static async Task HourAsync(VirtualService service, int hour)
    {
        var silent = hour % 2 == 0 ? "a" : "b";
        for (var minute = 0; minute < 60; minute++)
        {
            for (var half = 0; half < 2; half++)
            {
                var processed = service.Time.GetUtcNow().UtcDateTime;
                foreach (var owner in Owners(service))
                {
                    foreach (var session in new[] { "a", "b" })
                    {
                        if (minute >= 3 || session != silent)
                        {
                            await owner.HeartbeatAsync(session, new HeartbeatReport(100, processed, processed), default);
                        }
                    }
                }

                service.Pass(Timeout / 2);
            }
        }

        await service.WrittenAsync();
    }

    private static async Task OrderAsync(VirtualService service, int day)
    {
        foreach (var owner in Owners(service))
        {
            await owner.ChangeAsync(new SetRoleOverride(day % 2 == 0 ? "a" : "b", RoleOverride.Primary, TimeSpan.FromHours(1)), default);
        }
    }

    private static Task AuditAsync(VirtualService service, int day)
    {
        service.Get<IAuditTrail>().Record(new AuditEntry("SessionService.SetRoleOverride", $"default/default/Line{day}", AuditEntry.Done, "admin", null));
        return Task.CompletedTask;
    }

    private static Task ConfigureAsync(VirtualService service, int day) => service.Get<ConfigurationStore>().ChangeAsync(
        c => c with { Level = day % 2 == 0 ? Microsoft.Extensions.Logging.LogLevel.Information : Microsoft.Extensions.Logging.LogLevel.Debug }, default);

    private static IEnumerable<IGroupOwner> Owners(VirtualService service) => Groups.Select(g => service.Groups.Find(new GroupKey("default", "default", g))!);
}
