using ClientFailover.Conformance.Running;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace ClientFailover.Conformance.Rest;

/// <summary>What tests of REST have in common: clients in both roles, groups of their own, and the log if they fail.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
internal abstract class RestTests : IDisposable
{
    private const int LinesOfLog = 100;

    /// <summary>A client in the role of adapters.</summary>
    protected RestClient User { get; } = new(SharedService.Instance, SharedService.Instance.User.Header);

    /// <summary>A client in the role of administrators.</summary>
    protected RestClient Administrator { get; } = new(SharedService.Instance, SharedService.Instance.Administrator.Header);

    /// <summary>The service that the log is taken from.</summary>
    protected RunningService Service { get; set; } = SharedService.Instance;

    [TearDown]
    public void PrintLog()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            TestContext.Out.WriteLine(string.Join('\n', Service.Output.Split('\n').TakeLast(LinesOfLog)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        User.Dispose();
        Administrator.Dispose();
    }

    /// <summary>Creates a group.</summary>
    /// <param name="timeout">Its failover timeout.</param>
    /// <returns>Its id.</returns>
    protected async Task<string> CreateGroupAsync(string timeout = "00:01:00")
    {
        var id = CallerActions.NewId();
        (await User.PostAsync("groups", $$"""{"Id":"{{id}}","FailoverTimeout":"{{timeout}}"}"""))
            .MustBe(201, $$"""{"Id":"{{id}}","FailoverTimeout":"{{timeout}}"}""");
        return id;
    }

    /// <summary>Registers a session.</summary>
    /// <param name="group">The group.</param>
    /// <param name="session">The session's id.</param>
    /// <returns>Completes when it is registered.</returns>
    protected async Task RegisterAsync(string group, string session) =>
        (await User.PostAsync($"groups/{group}/clientsessions", $$"""{"Id":"{{session}}"}"""))
            .MustBe(201, $$"""{"Id":"{{session}}","Role":0,"HeartbeatPosted":false,"RoleOverride":0}""");

    /// <summary>Creates a group of a, which is Primary, and b, which is Secondary.</summary>
    /// <returns>Its id.</returns>
    protected async Task<string> CreatePairAsync()
    {
        var group = await CreateGroupAsync();
        await RegisterAsync(group, "a");
        await RegisterAsync(group, "b");
        (await BeatAsync(group, "a")).MustBe(200, """{"Role":1}""");
        (await BeatAsync(group, "b")).MustBe(200, """{"Role":0}""");
        return group;
    }

    /// <summary>Sends a heartbeat.</summary>
    /// <param name="group">The group.</param>
    /// <param name="session">The session's id.</param>
    /// <param name="body">What it says.</param>
    /// <returns>The reply.</returns>
    protected Task<Reply> BeatAsync(string group, string session, string body = """{"FailoverScore":50}""") =>
        User.PostAsync($"groups/{group}/clientsessions/{session}/heartbeat", body);
}
