using ClientFailover.Service.Health.Omf;

namespace ClientFailover.Service.Health.Sending;

/// <summary>Responsible for how much of the structure an endpoint was told.</summary>
/// <param name="structure">The structure.</param>
internal sealed class StructureProgress(OmfStructure structure)
{
    private readonly SortedSet<OmfKind> _pending = [OmfKind.Type, OmfKind.Static, OmfKind.Container, OmfKind.Link];

    /// <summary>What is to be told next; null: nothing, values can be sent.</summary>
    public OmfMessage? Next => _pending.Count == 0 ? null : structure[_pending.Min];

    /// <summary>The endpoint was told, whatever it made of it.</summary>
    /// <param name="kind">Of what.</param>
    public void Told(OmfKind kind) => _pending.Remove(kind);

    /// <summary>The endpoint has forgotten what values go into.</summary>
    public void Forgotten() => _pending.UnionWith([OmfKind.Type, OmfKind.Container]);
}
