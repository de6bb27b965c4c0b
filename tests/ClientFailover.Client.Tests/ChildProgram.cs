using ClientFailover.Client.Tests.Buffering;

namespace ClientFailover.Client.Tests;

/// <summary>What the tests start as a process of its own, to kill it. The test host does not come here.</summary>
internal static class ChildProgram
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case [BufferingChild.Command, var folder]:
                await BufferingChild.RunAsync(folder);
                return 0;
            default:
                return 2;
        }
    }
}
