using ClientFailover.Conformance.Client;

namespace ClientFailover.Conformance;

/// <summary>What the tests start as a process of its own, to kill it. The test host does not come here.</summary>
internal static class ChildProgram
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [AdapterProcess.Command])
        {
            return 2;
        }

        await AdapterProcess.RunAsync();
        return 0;
    }
}
