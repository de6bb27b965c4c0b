using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.LongRun;

/// <summary>
/// The whole service as its executable composes it, with a clock that the test moves: what its parts do each hour or day they do
/// here in moments, on a real database and real files. A part that is added to the service takes part by itself.
/// </summary>
internal sealed class VirtualService : IAsyncDisposable
{
    /// <summary>The longest step in which the service does not take itself for absent.</summary>
    public static readonly TimeSpan Step = DeadlineScheduler.AbsenceThreshold + DeadlineScheduler.LongestWait;

    private readonly DataDirectory _data;
    private readonly WebApplication _app;
    private readonly DeadlineScheduler _scheduler;

    private VirtualService(string directory, VirtualTime time, string[] settings)
    {
        (Time, Directory) = (time, directory);

        // Nobody reads ten years of lines; the bound of the log files is one that is reached.
        string[] quiet = ["--Logging:Console:LogLevel:Default", "None", "--LogFileSize", "1", "--LogFileCount", "2"];
        var read = SettingsReader.Read(
            ["--DataDirectory", directory, "--Address", "127.0.0.1", "--Port", "0", "--MaxRequestsPerSecondPerCaller", "0", "--FailedHeartbeatsAtOnce", "0", .. quiet, .. settings], directory);
        Assert.That(read.Mistakes, Is.Empty);
        _data = DataDirectory.Open(directory);
        if (!File.Exists(_data.File(UserFile.Name)))
        {
            UserFile.Write(_data.File(UserFile.Name), [new UserAccount("admin", TestHasher.Create().HashPassword(null!, "b"), Roles.Administrators)]);
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.AddFailoverService(read, _data);

        builder.Logging.AddProvider(new ListeningLog());
        builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        _app = builder.Build();
        _app.MapFailoverService();
        _scheduler = Get<DeadlineScheduler>();
    }

    public VirtualTime Time { get; }

    public string Directory { get; }

    public IGroupDirectory Groups => Get<IGroupDirectory>();

    /// <summary>Starts one on an empty data directory; in memory, where the system has memory for files.</summary>
    public static Task<VirtualService> StartAsync(params string[] settings)
    {
        // Ten thousands of commits: what is asked for is what is kept, not how fast the disk is.
        const string memory = "/dev/shm";
        var place = System.IO.Directory.Exists(memory) ? memory : Path.GetTempPath();
        return StartAsync(Path.Combine(place, $"client-failover-{Guid.NewGuid():N}"), new VirtualTime(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero)), settings);
    }

    /// <summary>Stops it in order and starts it again, an hour later.</summary>
    public async Task<VirtualService> RestartAsync(params string[] settings)
    {
        await StopAsync();
        Time.Advance(TimeSpan.FromHours(1));
        return await StartAsync(Directory, Time, settings);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Creates a group with sessions.</summary>
    public async Task<IGroupOwner> CreateAsync(string group, TimeSpan timeout, params string[] sessions)
    {
        var owner = Groups.FindOrAdd(new GroupKey("default", "default", group));
        await owner.ChangeAsync(new CreateGroup(new RequestedGroup(group, null, null, timeout, null), timeout), default);
        foreach (var session in sessions)
        {
            await owner.ChangeAsync(new RegisterSession(session, null, null), default);
        }

        return owner;
    }

    /// <summary>Lets time pass with every deadline judged when it runs out.</summary>
    /// <param name="time">How long.</param>
    public void Pass(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= Step)
        {
            Time.Advance(left < Step ? left : Step);
            _scheduler.RunDue();
        }
    }

    /// <summary>Lets time pass as for a machine that sleeps and wakes up several times a day.</summary>
    /// <param name="hours">How many hours.</param>
    public void Sleep(int hours)
    {
        const int longest = 6;
        for (var left = hours; left > 0; left -= longest)
        {
            Time.Advance(TimeSpan.FromHours(Math.Min(left, longest)));
            _scheduler.RunDue();
        }
    }

    /// <summary>Lets an hour pass in which nobody looks at the deadlines: whoever was heard of counts as live all the time.</summary>
    /// <param name="meanwhile">What happens at its end.</param>
    public async Task HourAsync(Func<Task> meanwhile)
    {
        Time.Advance(TimeSpan.FromHours(1));
        await meanwhile();
        _scheduler.RunDue();
    }

    /// <summary>Waits, in real time, until the store has written what it was given.</summary>
    public async Task WrittenAsync()
    {
        var last = new MarkerWrite();
        Get<IGroupStore>().Append(last);
        Assert.That(await last.Done, Is.EqualTo(StoreOutcome.Durable));
    }

    /// <summary>How many bytes its data directory takes.</summary>
    /// <param name="folder">A folder in it; null: all of it.</param>
    public long Size(string? folder = null) => new DirectoryInfo(folder is null ? Directory : Path.Combine(Directory, folder))
        .EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static async Task<VirtualService> StartAsync(string directory, VirtualTime time, string[] settings)
    {
        var service = new VirtualService(directory, time, settings);
        await service._app.StartAsync();

        // Deadlines run out when the test says so.
        service.Get<DeadlineThread>().Dispose();
        return service;
    }

    private async Task StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private sealed class MarkerWrite() : StoreWrite(new GroupKey("", "", ""), 0, [], mustBeDurable: true)
    {
        private readonly TaskCompletionSource<StoreOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StoreOutcome> Done => _done.Task;

        public override void Complete(StoreOutcome outcome, long firstRevision) => _done.SetResult(outcome);
    }
}
