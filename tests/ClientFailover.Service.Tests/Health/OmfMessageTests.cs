using System.Text.Json;
using System.Text.RegularExpressions;
using ClientFailover.HealthReceiver;
using ClientFailover.Service.Health;
using ClientFailover.Service.Health.Omf;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

public sealed partial class OmfMessageTests
{
    private static readonly OmfNames Names = new("PLANT-1");
    private static readonly DateTime Time = new DateTime(2026, 11, 30, 6, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560);

    private static readonly Dictionary<string, string[]> Properties = new()
    {
        ["ClientFailoverServices"] = ["Id", "Name", "Description"],
        ["ClientFailoverService"] = ["Id", "Name", "Description", "End Point", "Host", "Type", "Version"],
        ["ClientFailoverHealth"] = ["Id", "Name", "Description", "End Point", "Host", "Type", "Version"],
        ["ClientFailover.Diagnostics.System"] =
        [
            "Timestamp", "ProcessIdentifier:int32", "StartTime:date-time", "WorkingSet:float64", "TotalProcessorTime:float64", "TotalUserProcessorTime:float64",
            "TotalPrivilegedProcessorTime:float64", "ThreadCount:int32", "HandleCount:int32", "ManagedMemorySize:float64", "PrivateMemorySize:float64",
            "PeakPagedMemorySize:float64", "StorageTotalSize:float64", "StorageFreeSpace:float64",
        ],
        ["ClientFailover.DeviceStatus"] = ["Timestamp", "DeviceStatus:ClientFailover.DeviceStatusEnum"],
        ["ClientFailover.FailoverObjectCount"] = ["Timestamp", "Groups:int32", "Sessions:int32"],
        ["ClientFailover.NextHealthMessageExpected"] = ["Timestamp", "NextHealthMessageExpected:date-time"],
    };

    [Test]
    public async Task AllMessages_InTheirOrder_AreTakenByAStrictReceiver()
    {
        var receiver = await ReceiveAsync(Names);

        Assert.That(receiver.Violations, Is.Empty);
        Assert.That(receiver.Taken.Select(p => $"{p.Kind} {p.Action}"), Is.EqualTo(new[] { "type create", "static update", "container update", "link update", "data create" }));
        Assert.That(receiver.Links.Select(l => $"{l.Source} > {l.Target}"), Is.EquivalentTo(new[]
        {
            "ClientFailoverServices/Client Failover Services > ClientFailoverService/PLANT-1.ClientFailoverService",
            "ClientFailoverService/PLANT-1.ClientFailoverService > ClientFailoverHealth/PLANT-1.ClientFailoverService.ClientFailover",
            "ClientFailoverService/PLANT-1.ClientFailoverService > PLANT-1.ClientFailoverService.System.Diagnostics",
            "ClientFailoverHealth/PLANT-1.ClientFailoverService.ClientFailover > PLANT-1.ClientFailoverService.ClientFailover.DeviceStatus",
            "ClientFailoverHealth/PLANT-1.ClientFailoverService.ClientFailover > PLANT-1.ClientFailoverService.ClientFailover.FailoverObjectCount",
            "ClientFailoverHealth/PLANT-1.ClientFailoverService.ClientFailover > PLANT-1.ClientFailoverService.ClientFailover.NextHealthMessageExpected",
        }));
        Assert.That(receiver.Containers, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["PLANT-1.ClientFailoverService.System.Diagnostics"] = "ClientFailover.Diagnostics.System",
            ["PLANT-1.ClientFailoverService.ClientFailover.DeviceStatus"] = "ClientFailover.DeviceStatus",
            ["PLANT-1.ClientFailoverService.ClientFailover.FailoverObjectCount"] = "ClientFailover.FailoverObjectCount",
            ["PLANT-1.ClientFailoverService.ClientFailover.NextHealthMessageExpected"] = "ClientFailover.NextHealthMessageExpected",
        }));
    }

    [Test]
    public void Types_Properties_AreAsSpecified()
    {
        var types = Structure(Names)[OmfKind.Type].Body;
        var all = JsonDocument.Parse(types).RootElement.EnumerateArray().ToDictionary(t => t.GetProperty("id").GetString()!);

        Assert.That(all.Keys, Is.EquivalentTo(Properties.Keys.Append("ClientFailover.DeviceStatusEnum")));
        foreach (var (id, properties) in Properties)
        {
            var written = all[id].GetProperty("properties").EnumerateObject().Select(p => p.Name + FormatOf(p.Value)).ToList();
            Assert.That(written, Is.EqualTo(properties), id);
        }

        var values = all["ClientFailover.DeviceStatusEnum"].GetProperty("enum").GetProperty("values").EnumerateArray();
        Assert.That(
            values.Select(v => $"{v.GetProperty("name")} {v.GetProperty("value")}"), Is.EqualTo(new[] { "Good 0", "DeviceInError 1", "Shutdown 2" }));
    }

    [Test]
    public async Task Elements_Values_AreAsSpecified()
    {
        var receiver = await ReceiveAsync(Names);

        var health = receiver.Elements["ClientFailoverHealth/PLANT-1.ClientFailoverService.ClientFailover"];
        Assert.That(
            health.EnumerateObject().Select(p => $"{p.Name}={p.Value}"),
            Is.EqualTo(new[]
            {
                "Id=PLANT-1.ClientFailoverService.ClientFailover", "Name=PLANT-1.ClientFailoverService.ClientFailover", "Description=Client Failover Health",
                "End Point=https://PLANT-1:5590/api/v1/", "Host=PLANT-1", "Type=Client Failover", "Version=1.2.3",
            }));
        Assert.That(
            receiver.Elements["ClientFailoverService/PLANT-1.ClientFailoverService"].GetProperty("Description").GetString(), Is.EqualTo("Client Failover Service Health"));
    }

    [Test]
    public async Task Data_Values_AreAsSpecified()
    {
        var receiver = await ReceiveAsync(Names);

        var data = receiver.Taken.Last();
        Assert.That(data.Json().GetArrayLength(), Is.EqualTo(4), "All containers are in one request.");
        Assert.That(Json("DeviceStatus"), Is.EqualTo("""{"Timestamp":"2026-11-30T06:00:00.1234560Z","DeviceStatus":1}"""));
        Assert.That(Json("FailoverObjectCount"), Is.EqualTo("""{"Timestamp":"2026-11-30T06:00:00.1234560Z","Groups":7,"Sessions":9}"""));
        Assert.That(
            Json("NextHealthMessageExpected"),
            Is.EqualTo("""{"Timestamp":"2026-11-30T06:00:00.1234560Z","NextHealthMessageExpected":"2026-11-30T06:01:00.1234560Z"}"""));
        var system = receiver.ValuesOf(Names.Diagnostics).Single().Json;
        Assert.That(system.GetProperty("StartTime").GetString(), Does.Match(SevenDigits()));
        Assert.That(system.GetProperty("ProcessIdentifier").GetInt32(), Is.EqualTo(Environment.ProcessId));

        string Json(string name) => receiver.ValuesOf($"{Names.Health}.{name}").Single().Json.GetRawText();
    }

    [Test]
    public async Task AllMessages_LongestName_KeepTheLimitOfTheBody()
    {
        var receiver = await ReceiveAsync(new OmfNames(new string('m', 255)));

        Assert.That(receiver.Violations, Is.Empty);
        Assert.That(receiver.Taken, Has.Count.EqualTo(5));
        Assert.That(() => new OmfMessage(OmfKind.Data, new byte[OmfMessage.LargestBody + 1]), Throws.ArgumentException);
        Assert.That(new OmfMessage(OmfKind.Data, new byte[OmfMessage.LargestBody]).Content, Has.Length.LessThan(OmfMessage.LargestBody));
    }

    [Test]
    public void Structure_MadeAgain_IsTheSameToTheByte() =>
        Assert.That(Structure(Names)[OmfKind.Type].Body, Is.EqualTo(Structure(Names)[OmfKind.Type].Body), "Else an endpoint would refuse it after a restart.");

    [Test]
    public void Message_OneThatGrowsByCompression_IsSentAsItIs()
    {
        var small = new OmfMessage(OmfKind.Data, [.. "[]"u8]);

        Assert.That((small.IsCompressed, small.Content), Is.EqualTo((false, small.Body)));
    }

    private static OmfStructure Structure(OmfNames names) => new(names, 5590, "1.2.3");

    private static string FormatOf(JsonElement property) =>
        property.TryGetProperty("reftypeid", out var reference) ? $":{reference}"
        : property.TryGetProperty("isindex", out _) || !property.TryGetProperty("format", out var format) ? "" : $":{format}";

    private static async Task<StrictReceiver> ReceiveAsync(OmfNames names)
    {
        var receiver = new StrictReceiver();
        var structure = Structure(names);
        var data = OmfData.Create(names, Time, DeviceStatus.DeviceInError, new ObjectCount(7, 9), ProcessFigures.Read(Path.GetTempPath()));
        foreach (var message in new[] { structure[OmfKind.Type], structure[OmfKind.Static], structure[OmfKind.Container], structure[OmfKind.Link], data })
        {
            await receiver.ReceiveAsync(TestPost.Of(message), default);
        }

        return receiver;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$")]
    private static partial Regex SevenDigits();
}
