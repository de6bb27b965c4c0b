using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>The level of the log, as an administrator sets it while the service runs.</summary>
public sealed class LogLevelTests
{
    private const string Route = "/api/v1/configuration/logging";

    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Level_SetAtRunTime_CountsAtOnceOnAllOutputsAndAfterAKill()
    {
        await using (var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            var beforeDebug = await RefusedAsync(administrator);
            await SetAsync(administrator, "Debug");
            var debug = await RefusedAsync(administrator);
            await SetAsync(administrator, "Fatal");
            var fatal = await RefusedAsync(administrator);
            await SetAsync(administrator, "Verbose");
            var verbose = await RefusedAsync(administrator);

            await service.UntilToldAsync(verbose);
            LogFolder.UntilTold(_folder.Path, verbose);
            foreach (var output in new[] { service.Output, LogFolder.ReadText(_folder.Path) })
            {
                Assert.That(output, Does.Contain(debug).And.Contain(verbose).And.Not.Contain(beforeDebug).And.Not.Contain(fatal));
            }

            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(_folder.Path, [.. RunningService.Quick, "--Logging:LogLevel:Default", "Fatal"]))
        {
            using var administrator = new RestClient(service, service.Administrator.Header);
            var told = await RefusedAsync(administrator);

            await service.UntilToldAsync(told);
            LogFolder.UntilTold(_folder.Path, told);
            (await administrator.GetAsync(Route)).MustBe(200, """{"LogLevel":"Verbose"}""");
        }
    }

    [Test]
    public async Task Level_OfOneOutput_LeavesTheOtherAlone()
    {
        await using var service = await RunningService.StartAsync(
            _folder.Path, [.. RunningService.Quick, "--Logging:LogLevel:Default", "Debug", "--Logging:Console:LogLevel:Default", "Warning"]);
        using var administrator = new RestClient(service, service.Administrator.Header);

        var refused = await RefusedAsync(administrator);

        LogFolder.UntilTold(_folder.Path, refused);
        Assert.That(service.Output, Does.Not.Contain(refused));
    }

    [Test]
    public async Task Audit_AtFatal_IsStillTold()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, RunningService.Quick);
        using var administrator = new RestClient(service, service.Administrator.Header);
        await SetAsync(administrator, "Fatal");

        await administrator.DeleteAsync("groups/hidden");

        await service.UntilToldAsync("GroupService.DeleteGroup of default/default/hidden: GROUP_NOT_FOUND");
        LogFolder.UntilTold(_folder.Path, "GroupService.DeleteGroup of default/default/hidden: GROUP_NOT_FOUND");
    }

    private static async Task SetAsync(RestClient administrator, string level) =>
        (await administrator.SendAsync(HttpMethod.Put, Route, RestClient.Json($$"""{"LogLevel":"{{level}}"}"""))).IsNoContent();

    /// <summary>Makes a call that is refused, which is a line of level Debug.</summary>
    /// <returns>What is in the line.</returns>
    private static async Task<string> RefusedAsync(RestClient administrator) =>
        (await administrator.GetAsync("groups/none")).Json().GetProperty("OperationId").GetString()!;
}
