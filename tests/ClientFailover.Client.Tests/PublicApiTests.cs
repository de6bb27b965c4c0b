using System.Runtime.CompilerServices;
using NUnit.Framework;
using PublicApiGenerator;

namespace ClientFailover.Client.Tests;

/// <summary>The public API changes on purpose only.</summary>
public sealed class PublicApiTests
{
    [Test]
    public void PublicApi_IsTheApprovedOne()
    {
        var approved = Path.Combine(Folder(), "PublicApi.approved.txt");
        var received = Path.Combine(Folder(), "PublicApi.received.txt");
        var api = typeof(FailoverAdapter).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }).ReplaceLineEndings("\n");
        if (File.Exists(approved) && File.ReadAllText(approved).ReplaceLineEndings("\n").TrimEnd() == api.TrimEnd())
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, api);
        Assert.Fail($"The public API of ClientFailover.Client is not the approved one. Compare {received} with {approved}. "
            + "If the change is wanted, replace the approved file by the received one and commit it; a removed or changed member breaks adapters that exist.");
    }

    [Test]
    public void Readme_Program_IsTheSample()
    {
        var root = Path.Combine(Folder(), "..", "..");
        var readme = File.ReadAllText(Path.Combine(root, "src", "ClientFailover.Client", "README.md")).ReplaceLineEndings("\n");
        var sample = File.ReadAllText(Path.Combine(root, "samples", "SmallestAdapter", "Program.cs")).ReplaceLineEndings("\n");

        Assert.That(readme, Does.Contain("```csharp\n" + sample + "```"), "README.md shows samples/SmallestAdapter/Program.cs as it is.");
        Assert.That(sample.Split('\n'), Has.Length.LessThan(60));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
