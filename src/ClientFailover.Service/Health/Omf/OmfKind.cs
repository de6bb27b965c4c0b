namespace ClientFailover.Service.Health.Omf;

/// <summary>What a message is about, in the order in which an endpoint needs to know.</summary>
internal enum OmfKind
{
    /// <summary>Types.</summary>
    Type,

    /// <summary>Instances of static types: elements in PI AF.</summary>
    Static,

    /// <summary>Containers: what values go into.</summary>
    Container,

    /// <summary>Links between instances and containers.</summary>
    Link,

    /// <summary>Values.</summary>
    Data,
}
