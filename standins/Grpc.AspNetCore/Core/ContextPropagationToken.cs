namespace Grpc.Core;

/// <summary>Stands for a call's context; the server over ASP.NET Core makes none.</summary>
public abstract class ContextPropagationToken
{
    internal ContextPropagationToken()
    {
    }
}
