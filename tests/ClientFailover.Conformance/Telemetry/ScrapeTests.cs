using System.Diagnostics;
using System.Text;
using ClientFailover.Conformance.Limits;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>Scraping the executable: who may, under load, and slowly.</summary>
public sealed class ScrapeTests : OwnService
{
    private const string Path = "/metrics";

    // Enough groups with metrics of their own that an answer is larger than what the network holds back.
    private const int Groups = 1_000;

    private protected override string[] Settings => [.. RunningService.Quick, "--MetricsGroups", "1000", "--MaxRequestsPerSecondPerCaller", "0"];

    [Test]
    public async Task Get_OverTls_AnswersAccountsAndNobodyElse()
    {
        foreach (var (header, expected) in new[] { (null, 401), (Service.User.Header, 200), (Service.Administrator.Header, 200) })
        {
            using var client = Service.OpenHttp(header);
            using var response = await client.GetAsync(Path);

            Assert.That((int)response.StatusCode, Is.EqualTo(expected));
            var text = await response.Content.ReadAsStringAsync();
            Assert.That(text.Contains("clientfailover_build_info", StringComparison.Ordinal), Is.EqualTo(expected == 200));
        }
    }

    [Test]
    public async Task Get_AccountThatMayDoNothingWithGroups_IsAnsweredAllTheSame()
    {
        using var user = Service.OpenHttp(Service.User.Header);
        var trustee = new V1.AccessControlEntry
        {
            Trustee = new V1.Trustee { Type = V1.TrusteeType.Role, ObjectId = Account.UserRole },
            AccessType = V1.AccessType.Denied,
            AccessRights = 31,
        };
        var list = await Caller.AccessControl.GetGroupsAccessControlAsync(new V1.GetGroupsAccessControlRequest());
        var before = list.Clone();
        list.RoleTrusteeAccessControlEntries.Add(trustee);
        await Caller.AccessControl.SetGroupsAccessControlAsync(new V1.SetGroupsAccessControlRequest { AccessControlList = list });

        using var groups = await user.GetAsync("/api/v1/clientfailover/groups");
        using var metrics = await user.GetAsync(Path);
        await Caller.AccessControl.SetGroupsAccessControlAsync(new V1.SetGroupsAccessControlRequest { AccessControlList = before });

        Assert.That(((int)groups.StatusCode, (int)metrics.StatusCode), Is.EqualTo((403, 200)));
    }

    [Test]
    public async Task Get_ScraperThatDoesNotRead_HoldsUpNoOther()
    {
        await MakeGroupsAsync();
        using var client = ServiceClients.OpenHttp(Service.Http, new SocketsHttpHandler(), Service.User.Header);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Service.User.Name}:{Service.User.Password}"));
        var size = await SizeAsync(client, atLeast: 200_000);
        Assert.That(size, Is.GreaterThan(200_000));
        var slow = new List<BareConnection>();
        for (var i = 0; i < 20; i++)
        {
            // Each asks for far more than the network holds, and reads nothing.
            var connection = await BareConnection.OpenAsync(Service.Http);
            slow.Add(connection);
            await connection.SendAsync(string.Concat(Enumerable.Repeat($"GET {Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {credentials}\r\n\r\n", 40)));
        }

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 5; i++)
        {
            Assert.That((await client.GetStringAsync(Path)).Length, Is.GreaterThan(size / 2));
        }

        // Those that do not read are cut after five seconds at the earliest.
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        slow.ForEach(c => c.Dispose());
    }

    [Test]
    public async Task Get_WhileHeartbeatsCome_ShowsEachOfThem()
    {
        var group = CallerActions.NewId();
        await Caller.CreatePairAsync(group);
        using var client = ServiceClients.OpenHttp(Service.Http, new SocketsHttpHandler(), Service.User.Header);

        // An answer may be up to 300 ms old.
        var before = await UntilAsync(client, atLeast: 2);
        using var done = new CancellationTokenSource();
        var scrapes = ScrapeAsync(client, before, done.Token);

        const int beats = 1_000;
        for (var i = 0; i < beats; i++)
        {
            Assert.That(await Caller.BeatAsync(group, "a", 50), Is.EqualTo(V1.Role.Primary));
        }

        await done.CancelAsync();
        Assert.That(await scrapes, Is.GreaterThan(2), "It was scraped meanwhile.");

        Assert.That(await UntilAsync(client, before + beats), Is.EqualTo(before + beats));
    }

    private static async Task<int> SizeAsync(HttpClient client, int atLeast)
    {
        // An answer may be up to 300 ms old: of before the groups were made.
        var clock = Stopwatch.StartNew();
        int seen;
        while ((seen = (await client.GetStringAsync(Path)).Length) < atLeast && clock.Elapsed < RunningService.Patience)
        {
            // Not yet.
        }

        return seen;
    }

    private static async Task<double> UntilAsync(HttpClient client, double atLeast)
    {
        var clock = Stopwatch.StartNew();
        double seen;
        while ((seen = await BeatsAsync(client)) < atLeast && clock.Elapsed < RunningService.Patience)
        {
            // Not yet.
        }

        return seen;
    }

    private static async Task<int> ScrapeAsync(HttpClient client, double last, CancellationToken done)
    {
        var scrapes = 0;
        for (; !done.IsCancellationRequested; scrapes++)
        {
            var now = await BeatsAsync(client);
            Assert.That(now, Is.GreaterThanOrEqualTo(last), "A counter never goes back.");
            last = now;
        }

        return scrapes;
    }

    private static async Task<double> BeatsAsync(HttpClient client) =>
        ScrapedText.Value(await client.GetStringAsync(Path), "clientfailover_heartbeats_total", "transport=\"rest\"", "outcome=\"accepted\"")!.Value;

    private Task MakeGroupsAsync() => Parallel.ForEachAsync(
        Enumerable.Range(0, Groups), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (_, _) => await Caller.CreateGroupAsync(CallerActions.NewId(new string('g', 60))));
}
